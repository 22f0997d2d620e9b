import { frequencyOfCode } from './frequency.ts';
import { isMealEvent } from './meal-times.ts';

/** Clock times by code, for requests that name none. The deployer's setting. */
export type DefaultTimes = Readonly<Record<string, readonly string[]>>;

/**
 * Clock times when neither the request nor the deployment names any. They are those of the frequency vocabulary that
 * this project is tested with (test/data/frequency-vocabulary.json, member `default_times_when_omitted`; CC0, 2026):
 * an even spread over waking hours, this project's choice and no clinical recommendation.
 */
export const BUILT_IN_DEFAULT_TIMES = {
  QD: ['08:00'],
  BID: ['08:00', '20:00'],
  TID: ['08:00', '14:00', '20:00'],
  QID: ['08:00', '12:00', '16:00', '20:00'],
  AM: ['08:00'],
  PM: ['18:00'],
  BED: ['22:00'],
} as const satisfies DefaultTimes;

const CLOCK_TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/**
 * The clock times of a code when a request names none, ascending; `undefined` when there are none to take. A code that
 * has one dose on a due day, or leaves the number open (weekly, every 3 days, weekdays, cycles), takes those of once a day.
 */
export function defaultTimesFor(code: string, table: DefaultTimes = {}): readonly string[] | undefined {
  if (code === 'STAT' || code === 'PRN' || isMealEvent(code)) return undefined;
  const frequency = frequencyOfCode(code);
  if (!frequency || frequency.repeat.periodUnit === 'h') return undefined;
  const own = entryOf(table, code);
  if (own) return own;
  return frequency.times_expected === null || frequency.times_expected === 1
    ? entryOf(table, 'QD')
    : undefined;
}

const entryOf = (table: DefaultTimes, code: string): readonly string[] | undefined =>
  Object.entries({ ...BUILT_IN_DEFAULT_TIMES, ...table }).find(([named]) => named === code)?.[1];

/**
 * A deployer's table, checked: canonical codes, times `HH:MM`, ascending, each once, as many as the code has doses.
 * @throws RangeError that names the entry
 */
export function readDefaultTimes(table: DefaultTimes): DefaultTimes {
  for (const [code, times] of Object.entries(table)) {
    const expected = frequencyOfCode(code)?.times_expected;
    const fault =
      expected === undefined
        ? 'is no canonical code'
        : !times.every((time) => CLOCK_TIME.test(time))
          ? 'has a time that is not HH:MM from 00:00 to 23:59'
          : times.some((time, index) => index > 0 && time <= (times[index - 1] ?? ''))
            ? 'has times that are not ascending'
            : times.length === 0 || (expected !== null && times.length !== expected)
              ? `needs ${expected ?? 'at least 1'} times`
              : undefined;
    if (fault !== undefined) throw new RangeError(`The default times: "${code}" ${fault}.`);
  }
  return table;
}
