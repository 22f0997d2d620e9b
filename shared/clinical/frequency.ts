import { isMealEvent } from './meal-times.ts';

/** Unit of a repetition, as in FHIR `Timing.repeat.periodUnit`. */
export type PeriodUnit = 'h' | 'd' | 'wk' | 'mo';

/** How often doses are due: `frequency` doses in each `period` of `periodUnit` (the members of FHIR `Timing.repeat`). */
export interface Repeat {
  readonly frequency: number;
  readonly period: number;
  readonly periodUnit: PeriodUnit;
}

/** A frequency that can be expanded into due times. */
export interface Frequency {
  /** Canonical code, as stored: QD, BID, 5XD, Q8H, QOD, Q3D, WK, 4XW, MO, Q3MO, WEEKDAYS, DAYS, CYCLE, STAT, PRN, ACM … */
  readonly code: string;
  readonly repeat: Repeat;
  /** How many clock times a due day has; `null` when the code leaves it open. */
  readonly times_expected: number | null;
}

/** Longest elapsed interval between doses, in hours: one week. */
export const MAX_INTERVAL_HOURS = 168;
/** Most days, weeks or months between doses: four digits, as the canonical codes have them. */
export const MAX_PERIODS = 9999;
const MAX_TIMES_PER_DAY = 24;
const MAX_TIMES_PER_WEEK = 7;

const daily = (code: string, times: number | null): Frequency => ({
  code,
  repeat: { frequency: times ?? 1, period: 1, periodUnit: 'd' },
  times_expected: times,
});

const FIXED = {
  QD: daily('QD', 1),
  BID: daily('BID', 2),
  TID: daily('TID', 3),
  QID: daily('QID', 4),
  AM: daily('AM', 1),
  PM: daily('PM', 1),
  BED: daily('BED', 1),
  WEEKDAYS: daily('WEEKDAYS', 1),
  DAYS: daily('DAYS', null),
  CYCLE: daily('CYCLE', null),
  // One dose: its schedule begins and ends on one date.
  STAT: daily('STAT', null),
  // No due times at all: see `occurrencesFrom`.
  PRN: daily('PRN', null),
} as const satisfies Record<string, Frequency>;

const isFixed = (code: string): code is keyof typeof FIXED => Object.hasOwn(FIXED, code);

/** `n` doses a day, 1 to 24; `undefined` beyond. */
export function timesPerDay(n: number): Frequency | undefined {
  const [, ...named] = ['', FIXED.QD, FIXED.BID, FIXED.TID, FIXED.QID] as const;
  const known = named[n - 1];
  if (known) return known;
  return Number.isInteger(n) && n >= 1 && n <= MAX_TIMES_PER_DAY ? daily(`${n}XD`, n) : undefined;
}

/** `n` doses a week on named weekdays, 1 to 7; `undefined` beyond. */
export function timesPerWeek(n: number): Frequency | undefined {
  if (!Number.isInteger(n) || n < 1 || n > MAX_TIMES_PER_WEEK) return undefined;
  const code = { 1: 'WK', 2: 'BIW', 3: 'TIW' }[n] ?? `${n}XW`;
  return { code, repeat: { frequency: n, period: 1, periodUnit: 'wk' }, times_expected: 1 };
}

/** One dose every `n` units: any whole n from 1, hours up to 168, all else up to 9999; `undefined` beyond. */
export function everyPeriod(n: number, periodUnit: PeriodUnit): Frequency | undefined {
  if (!Number.isInteger(n) || n < 1 || n > MAX_PERIODS) return undefined;
  const repeat = { frequency: 1, period: n, periodUnit };
  switch (periodUnit) {
    case 'h':
      return n > MAX_INTERVAL_HOURS ? undefined : { code: `Q${n}H`, repeat, times_expected: null };
    case 'd':
      if (n === 1) return FIXED.QD;
      return { code: n === 2 ? 'QOD' : `Q${n}D`, repeat, times_expected: 1 };
    case 'wk':
      return { code: n === 1 ? 'WK' : `Q${n}W`, repeat, times_expected: 1 };
    case 'mo':
      return { code: n === 1 ? 'MO' : `Q${n}MO`, repeat, times_expected: 1 };
  }
}

const NUMBERED: readonly [RegExp, (n: number) => Frequency | undefined][] = [
  [/^(\d{1,2})XD$/, timesPerDay],
  [/^(\d)XW$/, timesPerWeek],
  [/^Q(\d{1,4})H$/, (n) => everyPeriod(n, 'h')],
  [/^Q(\d{1,4})D$/, (n) => everyPeriod(n, 'd')],
  [/^Q(\d{1,4})W$/, (n) => everyPeriod(n, 'wk')],
  [/^Q(\d{1,4})MO$/, (n) => everyPeriod(n, 'mo')],
];

/** What a canonical code stands for; `undefined` when it is none. Reads what is stored, so it knows no aliases. */
export function frequencyOfCode(code: string): Frequency | undefined {
  if (isFixed(code)) return FIXED[code];
  if (isMealEvent(code)) return daily(code, null);
  if (code === 'QOD') return everyPeriod(2, 'd');
  if (code === 'WK') return everyPeriod(1, 'wk');
  if (code === 'MO') return everyPeriod(1, 'mo');
  if (code === 'BIW') return timesPerWeek(2);
  if (code === 'TIW') return timesPerWeek(3);
  for (const [pattern, frequency] of NUMBERED) {
    const digits = pattern.exec(code)?.[1];
    if (digits !== undefined) return frequency(Number(digits));
  }
  return undefined;
}
