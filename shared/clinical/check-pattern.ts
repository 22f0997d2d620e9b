import type { Report } from './check-schedule.ts';
import { frequencyOfCode } from './frequency.ts';
import type { RecognisedFrequency } from './parse-frequency.ts';
import type { ScheduleRequest } from './schedule-request.ts';
import { WEEKDAY_CODES } from './weekdays.ts';

type Pattern = Pick<ScheduleRequest, 'weekdays' | 'cycle' | 'month_rule'>;

/**
 * Holds weekdays, cycle and month rule against the frequency: what it needs must be there, what it excludes not.
 * @param code the canonical code, after the clock times had their say
 */
export function checkPattern(
  code: string,
  parsed: RecognisedFrequency,
  request: ScheduleRequest,
  report: Report,
): Pattern {
  return {
    ...weekdaysOf(code, parsed, request, report),
    ...cycleOf(code, parsed, request, report),
    ...monthRuleOf(code, request, report),
  };
}

/** Codes with doses on every date; `weekdays` or a `cycle` may narrow them (FHIR: `dayOfWeek` beside a daily period). */
function isDaily(code: string): boolean {
  const repeat = frequencyOfCode(code)?.repeat;
  const daily = repeat?.periodUnit === 'd' && repeat.period === 1;
  return daily && !['WEEKDAYS', 'DAYS', 'CYCLE', 'STAT', 'PRN'].includes(code);
}

function weekdaysOf(
  code: string,
  { weekdays: inText }: RecognisedFrequency,
  request: ScheduleRequest,
  report: Report,
): Pattern {
  const sent = request.weekdays && WEEKDAY_CODES.filter((day) => request.weekdays?.includes(day));
  const repeat = frequencyOfCode(code)?.repeat;
  const weekly = repeat?.periodUnit === 'wk';
  if (isDaily(code) && sent) return narrowed(sent, request, report);
  if (code !== 'DAYS' && !weekly) {
    if (sent)
      report('weekdays', 'weekdays_not_allowed', 'This frequency does not count weekdays: leave them out.');
    return {};
  }
  if (inText && sent && inText.join() !== sent.join()) {
    report(
      'weekdays',
      'weekdays_do_not_match_frequency',
      'The frequency names other weekdays: send them once.',
    );
    return {};
  }
  const days = sent ?? inText;
  // Once in so many weeks without a weekday falls on the weekday of the start date.
  if (!days && repeat?.frequency === 1 && weekly) return {};
  const expected = code === 'DAYS' ? undefined : repeat?.frequency;
  if (!days || days.length === 0 || (expected !== undefined && days.length !== expected)) {
    const count = expected === undefined ? 'at least 1 weekday' : `exactly ${expected} in weekdays`;
    report('weekdays', 'weekdays_required', `This frequency needs ${count}, such as "MO".`);
    return {};
  }
  return { weekdays: days };
}

function narrowed(
  weekdays: NonNullable<Pattern['weekdays']>,
  request: ScheduleRequest,
  report: Report,
): Pattern {
  if (!request.cycle) return { weekdays };
  report(
    'weekdays',
    'weekdays_not_allowed',
    'Weekdays and a cycle exclude each other: send the one or the other.',
  );
  return {};
}

function cycleOf(
  code: string,
  { cycle: inText }: RecognisedFrequency,
  request: ScheduleRequest,
  report: Report,
): Pattern {
  const sent = request.cycle;
  if (isDaily(code)) return sent ? { cycle: sent } : {};
  if (code !== 'CYCLE') {
    if (sent) report('cycle', 'cycle_not_allowed', 'This frequency has no cycle: leave it out.');
    return {};
  }
  if (inText && sent && (inText.days_on !== sent.days_on || inText.days_off !== sent.days_off)) {
    report('cycle', 'cycle_does_not_match_frequency', 'The frequency names another cycle: send it once.');
    return {};
  }
  const agreed = sent ?? inText;
  if (agreed) return { cycle: agreed };
  report('cycle', 'cycle_required', 'This frequency needs cycle.days_on and cycle.days_off.');
  return {};
}

function monthRuleOf(code: string, request: ScheduleRequest, report: Report): Pattern {
  if (frequencyOfCode(code)?.repeat.periodUnit === 'mo') return { month_rule: request.month_rule ?? 'clamp' };
  if (request.month_rule) {
    report(
      'month_rule',
      'month_rule_not_allowed',
      'Only a monthly frequency has a month rule: leave it out.',
    );
  }
  return {};
}
