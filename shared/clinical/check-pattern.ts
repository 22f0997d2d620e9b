import type { Report } from './check-schedule.ts';
import type { ParsedFrequency } from './parse-frequency.ts';
import { type ScheduleRequest, WEEKDAY_CODES } from './schedule-request.ts';

type Pattern = Pick<ScheduleRequest, 'weekdays' | 'cycle' | 'month_rule'>;

/** Holds weekdays, cycle and month rule against the frequency: what it needs must be there, what it excludes not. */
export function checkPattern(
  parsed: Extract<ParsedFrequency, { ok: true }>,
  request: ScheduleRequest,
  report: Report,
): Pattern {
  return {
    ...weekdaysOf(parsed, request, report),
    ...cycleOf(parsed, request, report),
    ...monthRuleOf(parsed, request, report),
  };
}

function weekdaysOf(
  { code, repeat, weekdays }: Extract<ParsedFrequency, { ok: true }>,
  request: ScheduleRequest,
  report: Report,
): Pattern {
  const sent = request.weekdays && WEEKDAY_CODES.filter((day) => request.weekdays?.includes(day));
  const inText = weekdays && WEEKDAY_CODES.filter((_, index) => weekdays.includes(index + 1));
  const weekly = repeat.periodUnit === 'wk' && repeat.period === 1;
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
  // Once a week without a weekday falls on the weekday of the start date.
  if (!days && code === 'WK') return {};
  const expected = code === 'DAYS' ? undefined : repeat.frequency;
  if (!days || days.length === 0 || (expected !== undefined && days.length !== expected)) {
    const count = expected === undefined ? 'at least 1 weekday' : `exactly ${expected} in weekdays`;
    report('weekdays', 'weekdays_required', `This frequency needs ${count}, such as "MO".`);
    return {};
  }
  return { weekdays: days };
}

function cycleOf(
  { code, cycle }: Extract<ParsedFrequency, { ok: true }>,
  request: ScheduleRequest,
  report: Report,
): Pattern {
  const inText = cycle && { days_on: cycle.daysOn, days_off: cycle.daysOff };
  const sent = request.cycle;
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

function monthRuleOf(
  { repeat }: Extract<ParsedFrequency, { ok: true }>,
  request: ScheduleRequest,
  report: Report,
): Pattern {
  if (repeat.periodUnit === 'mo') return { month_rule: request.month_rule ?? 'clamp' };
  if (request.month_rule) {
    report(
      'month_rule',
      'month_rule_not_allowed',
      'Only a monthly frequency has a month rule: leave it out.',
    );
  }
  return {};
}
