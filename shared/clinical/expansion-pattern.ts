import type { Report } from './check-schedule.ts';
import type { ExpansionRequest } from './expansion-request.ts';
import { type Frequency, frequencyOfCode } from './frequency.ts';
import type { RecognisedFrequency } from './parse-frequency.ts';
import type { Schedule } from './schedule.ts';
import { parseWeekdays, WEEKDAY_CODES } from './weekdays.ts';

/** Which dates of a schedule are due, besides its frequency. */
type Pattern = Pick<Schedule, 'weekdays' | 'cycle' | 'monthRule'>;

/**
 * Weekdays, cycle and month rule of an expansion, held against its frequency: what contradicts it is reported.
 * @param elapses whether the code counts elapsed hours here, which know no weekdays
 */
export function patternOf(
  parsed: RecognisedFrequency,
  request: ExpansionRequest,
  { code, elapses }: { readonly code: string; readonly elapses: boolean },
  report: Report,
): Pattern {
  const frequency = frequencyOfCode(code);
  const { month_rule } = request;
  if (month_rule !== undefined && month_rule !== 'clamp' && month_rule !== 'skip')
    report('month_rule', 'month_rule_not_valid', 'Use clamp or skip.');
  const weekdays = weekdaysOf(parsed, request.by_day, report);
  if (request.by_day?.length && (elapses || !frequency || !countsWeekdays(frequency)))
    report('by_day', 'weekdays_not_allowed', 'This frequency does not count weekdays: leave them out.');
  checkNumber(frequency, weekdays, report);
  const { cycle } = parsed;
  if (code === 'CYCLE' && !cycle)
    report('frequency', 'cycle_required', 'Say the cycle in words, such as "21 on 7 off".');
  return {
    ...(weekdays && { weekdays }),
    ...(cycle && { cycle: { daysOn: cycle.days_on, daysOff: cycle.days_off } }),
    ...(frequency?.repeat.periodUnit === 'mo' && { monthRule: month_rule ?? 'clamp' }),
  };
}

/** Frequencies with doses on every date, or in weeks; not those that have days of their own or no days at all. */
const countsWeekdays = ({ code, repeat }: Frequency): boolean =>
  !['WEEKDAYS', 'CYCLE', 'STAT', 'PRN'].includes(code) &&
  repeat.periodUnit !== 'mo' &&
  (repeat.periodUnit !== 'd' || repeat.period === 1);

function weekdaysOf(
  { weekdays: inText }: RecognisedFrequency,
  sent: readonly string[] | undefined,
  report: Report,
): readonly number[] | undefined {
  const named = inText?.map((day) => WEEKDAY_CODES.indexOf(day) + 1);
  if (sent === undefined || sent.length === 0) return sent === undefined ? named : undefined;
  const weekdays = parseWeekdays(sent.join(',').toLowerCase());
  if (!weekdays) report('by_day', 'weekdays_not_valid', 'Name each day of the week once, such as "MO".');
  else if (named && named.join() !== weekdays.join())
    report(
      'by_day',
      'weekdays_do_not_match_frequency',
      'The frequency names other weekdays: send them once.',
    );
  return weekdays;
}

/** So many doses a week are on so many days. Weekly, and every so many weeks, may name several or none. */
function checkNumber(
  frequency: Frequency | undefined,
  weekdays: readonly number[] | undefined,
  report: Report,
): void {
  if (!frequency) return;
  const { code, repeat } = frequency;
  const expected = repeat.periodUnit === 'wk' && repeat.frequency > 1 ? repeat.frequency : undefined;
  if (expected === undefined && (code !== 'DAYS' || weekdays)) return;
  if (weekdays && weekdays.length === expected) return;
  const count =
    expected === undefined ? 'at least 1 day of the week' : `exactly ${expected} days of the week`;
  report('by_day', 'weekdays_required', `This frequency needs ${count}, such as "MO".`);
}
