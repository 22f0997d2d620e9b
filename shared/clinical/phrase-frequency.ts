import { frequencyOfCode } from './frequency.ts';
import { isMealEvent, MEAL_EVENTS } from './meal-times.ts';

const WEEKDAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

const FIXED_PHRASES = {
  AM: 'every morning',
  PM: 'every evening',
  BED: 'at bedtime',
  WEEKDAYS: 'Monday to Friday',
  STAT: 'one dose',
  PRN: 'as needed',
} as const satisfies Record<string, string>;

const UNITS = { h: 'hour', d: 'day', wk: 'week', mo: 'month' } as const;
const TIMES = ['', 'once', 'twice'] as const;

/** What belongs to a frequency beyond its code, as a stored schedule has it. */
export interface PhrasedPattern {
  /** ISO numbers, 1 is Monday. */
  readonly weekdays?: readonly number[] | undefined;
  readonly cycle?: { readonly daysOn: number; readonly daysOff: number } | undefined;
  readonly maxDosesPerDay?: number | undefined;
}

/**
 * A canonical frequency in English for people: "once a day", "every other day", "twice a week on Monday and Thursday".
 * Never an abbreviation: QD and QOD are on the Joint Commission's official do-not-use list, HS, BIW and TIW on the list
 * of error-prone abbreviations of the Institute for Safe Medication Practices.
 * @throws RangeError when `code` is no canonical code
 */
export function phraseFrequency(code: string, pattern: PhrasedPattern = {}): string {
  const { weekdays, cycle, maxDosesPerDay } = pattern;
  const days = weekdays && weekdays.length > 0 ? `on ${listed(weekdays.map(weekdayName))}` : undefined;
  if (code === 'PRN' && maxDosesPerDay !== undefined) {
    return `as needed, at most ${maxDosesPerDay === 1 ? 'once' : `${maxDosesPerDay} times`} a day`;
  }
  if (code === 'DAYS') return days ?? 'on certain days of the week';
  if (code === 'CYCLE') return cycle ? `on ${inTurn(cycle)}` : 'in cycles of days with and without doses';
  return [baseOf(code), days, cycle && `on ${inTurn(cycle)}`].filter((part) => part !== undefined).join(' ');
}

function baseOf(code: string): string {
  const fixed = Object.entries(FIXED_PHRASES).find(([named]) => named === code)?.[1];
  if (fixed !== undefined) return fixed;
  if (isMealEvent(code)) return MEAL_EVENTS[code].text;
  const repeat = frequencyOfCode(code)?.repeat;
  if (!repeat) throw new RangeError('This is no canonical code of a frequency.');
  const { frequency, period, periodUnit } = repeat;
  const unit = UNITS[periodUnit];
  if (period === 1 && periodUnit !== 'h') return `${TIMES[frequency] ?? `${frequency} times`} a ${unit}`;
  if (period === 1) return `every ${unit}`;
  return period === 2 && periodUnit === 'd' ? 'every other day' : `every ${period} ${unit}s`;
}

const weekdayName = (isoNumber: number): string => WEEKDAY_NAMES[isoNumber - 1] ?? 'an unknown day';

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const inTurn = ({ daysOn, daysOff }: { readonly daysOn: number; readonly daysOff: number }): string =>
  `${daysOn} ${daysOn === 1 ? 'day' : 'days'}, then ${daysOff} ${daysOff === 1 ? 'day' : 'days'} without`;
