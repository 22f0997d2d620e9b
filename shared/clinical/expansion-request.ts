import { Temporal } from 'temporal-polyfill';
import { type Problem, ProblemError } from '../errors/problem-error.ts';
import { MOST_YEARS } from './check-dates.ts';
import type { Report } from './check-schedule.ts';
import { checkTimes } from './check-times.ts';
import { frequencyOfCode } from './frequency.ts';
import { parseFrequency, type RecognisedFrequency } from './parse-frequency.ts';
import type { Schedule } from './schedule.ts';
import { ianaTimeZone } from './time-zone.ts';
import { parseWeekdays } from './weekdays.ts';

/** A schedule to be expanded, with the member names of the DST vectors. */
export interface ExpansionRequest {
  /** Taken from the frequency and the times unless given; given, it must agree with them. */
  readonly rule?: 'wall_clock' | 'elapsed_interval';
  readonly time_zone: string;
  readonly frequency: string;
  /** Local clock times; absent or empty for elapsed hours, as needed, and a single dose now. */
  readonly times?: readonly string[];
  readonly start_date: string;
  /** Inclusive local date. */
  readonly end_date: string;
  /** From when elapsed hours count: local date and time in `time_zone`, or with an offset. */
  readonly anchor_local?: string;
  readonly month_rule?: 'clamp' | 'skip';
  /** Days of the week on which doses are due: `MO`, `mon`, `Monday`. */
  readonly by_day?: readonly string[];
  /** Stays in other zones, each from a local date on. */
  readonly zone_segments?: readonly { readonly from: string; readonly time_zone: string }[];
  /** `home_zone` unless given: clock times stay those of `time_zone`. */
  readonly travel_policy?: 'home_zone' | 'follow_current_zone';
}

/**
 * The schedule that a request for an expansion describes. Weekdays, times and cycles are held against the frequency;
 * here `by_day` decides the dates alone, so weekly may name several days.
 * @throws ProblemError `invalid_input` with a pointer for every contradiction
 */
export function scheduleOfExpansion(sent: ExpansionRequest): Schedule {
  const request = withoutNulls(sent);
  const problems: Problem[] = [];
  const report: Report = (member, code, detail) => {
    problems.push({ pointer: `/${member}`, code, detail });
  };
  checkLists(request, report);
  const parsed = parseFrequency(request.frequency);
  if (!parsed.ok) report('frequency', parsed.problem, parsed.detail);
  const timed =
    parsed.ok && problems.length === 0
      ? checkTimes(parsed, { times: request.times ?? [] }, {}, report)
      : undefined;
  const zone = zoneNamed(request.time_zone, 'time_zone', report);
  const [start, end] = datesOf(request, report);
  if (parsed.ok && timed && zone && start && end) {
    const { frequency, times } = timed;
    const repeat = frequencyOfCode(frequency)?.repeat;
    const elapses = times.length === 0 && repeat?.periodUnit === 'h';
    checkRule(request, frequency, elapses, report);
    const anchor =
      elapses || (frequency === 'STAT' && times.length === 0) ? anchorOf(request, zone, report) : {};
    const schedule: Schedule = {
      frequency,
      times,
      timeZone: zone,
      startDate: start,
      endDate: frequency === 'STAT' ? start : end,
      ...(elapses && { intervalHours: repeat.period }),
      ...anchor,
      ...patternOf(parsed, request, frequency, report),
      ...travelOf(request, report),
    };
    if (problems.length === 0) return schedule;
  }
  throw new ProblemError('invalid_input', 'This schedule contradicts itself; see problems.', { problems });
}

/** A member that is `null` counts as left out, as it does in JSON of many writers. */
function withoutNulls(sent: ExpansionRequest): ExpansionRequest {
  const { anchor_local, by_day, month_rule, rule, times, travel_policy, zone_segments, ...required } = sent;
  return {
    ...required,
    ...(anchor_local != null && { anchor_local }),
    ...(by_day != null && { by_day }),
    ...(month_rule != null && { month_rule }),
    ...(rule != null && { rule }),
    ...(times != null && { times }),
    ...(travel_policy != null && { travel_policy }),
    ...(zone_segments != null && { zone_segments }),
  };
}

/** The door takes JSON from anywhere, which may be of another shape than the types say. */
function checkLists(request: ExpansionRequest, report: Report): void {
  const { by_day = [], times = [], zone_segments = [] } = request;
  for (const [member, list, type] of [
    ['times', times, 'string'],
    ['by_day', by_day, 'string'],
    ['zone_segments', zone_segments, 'object'],
  ] as const) {
    const isList = Array.isArray(list) && list.every((one) => typeof one === type && one !== null);
    if (!isList)
      report(member, 'list_not_valid', `Send a list of ${type === 'string' ? 'texts' : 'objects'}.`);
  }
}

function zoneNamed(name: unknown, member: string, report: Report): string | undefined {
  const zone = typeof name === 'string' ? ianaTimeZone(name) : undefined;
  if (!zone)
    report(member, 'time_zone_not_iana', 'Use a region of the IANA database such as America/New_York.');
  return zone;
}

function dateOf(text: unknown, member: string, report: Report): string | undefined {
  try {
    if (typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text)) {
      return Temporal.PlainDate.from(text).toString();
    }
  } catch {
    // A date that the calendar does not have.
  }
  report(member, 'date_not_valid', 'Use a date of the calendar, written YYYY-MM-DD.');
  return undefined;
}

function datesOf(request: ExpansionRequest, report: Report): readonly (string | undefined)[] {
  const start = dateOf(request.start_date, 'start_date', report);
  const end = dateOf(request.end_date, 'end_date', report);
  if (start && end && end < start)
    report('end_date', 'end_before_start', 'The end_date lies before the start_date.');
  if (start && end && Number(end.slice(0, 4)) - Number(start.slice(0, 4)) > MOST_YEARS)
    report('end_date', 'date_out_of_range', `Expand at most ${MOST_YEARS} years at once.`);
  return [start, end];
}

function checkRule(request: ExpansionRequest, code: string, elapses: boolean, report: Report): void {
  const { rule } = request;
  if (rule === undefined || code === 'PRN' || code === 'STAT') return;
  if (rule !== (elapses ? 'elapsed_interval' : 'wall_clock'))
    report(
      'rule',
      'rule_does_not_match',
      'Hours without clock times are elapsed_interval, all else wall_clock.',
    );
}

function anchorOf(request: ExpansionRequest, zone: string, report: Report): Pick<Schedule, 'anchor'> {
  const text = request.anchor_local ?? '';
  try {
    const instant = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text)
      ? Temporal.Instant.from(text)
      : Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant();
    return { anchor: instant.toString() };
  } catch {
    report('anchor_local', 'anchor_required', 'Say from when hours count: a local YYYY-MM-DDTHH:MM.');
    return {};
  }
}

function patternOf(
  { cycle, weekdays: inText }: RecognisedFrequency,
  request: ExpansionRequest,
  code: string,
  report: Report,
): Pick<Schedule, 'weekdays' | 'cycle' | 'monthRule'> {
  const repeat = frequencyOfCode(code)?.repeat;
  const monthly = repeat?.periodUnit === 'mo';
  const { month_rule } = request;
  if (month_rule !== undefined && month_rule !== 'clamp' && month_rule !== 'skip')
    report('month_rule', 'month_rule_not_valid', 'Use clamp or skip.');
  const named = request.by_day ?? inText;
  const weekdays = named && parseWeekdays(named.join(',').toLowerCase());
  if (named && named.length > 0 && !weekdays)
    report('by_day', 'weekdays_not_valid', 'Name each day of the week once, such as "MO".');
  if (weekdays && (monthly || (repeat?.periodUnit === 'd' && repeat.period > 1)))
    report('by_day', 'weekdays_not_allowed', 'This frequency does not count weekdays: leave them out.');
  const several = code === 'DAYS' || (repeat?.periodUnit === 'wk' && repeat.frequency > 1);
  if (several && !weekdays)
    report('by_day', 'weekdays_required', 'This frequency needs its days of the week.');
  if (code === 'CYCLE' && !cycle)
    report('frequency', 'cycle_required', 'Say the cycle in words, such as "21 on 7 off".');
  return {
    ...(weekdays && { weekdays }),
    ...(cycle && { cycle: { daysOn: cycle.days_on, daysOff: cycle.days_off } }),
    ...(monthly && { monthRule: month_rule ?? 'clamp' }),
  };
}

function travelOf(request: ExpansionRequest, report: Report): Pick<Schedule, 'zoneSegments'> {
  const { travel_policy = 'home_zone', zone_segments = [] } = request;
  if (travel_policy !== 'home_zone' && travel_policy !== 'follow_current_zone')
    report('travel_policy', 'travel_policy_not_valid', 'Use home_zone or follow_current_zone.');
  const segments = zone_segments.flatMap((segment, index) => {
    const from = dateOf(segment.from, `zone_segments/${index}/from`, report);
    const timeZone = zoneNamed(segment.time_zone, `zone_segments/${index}/time_zone`, report);
    return from && timeZone ? [{ from, timeZone }] : [];
  });
  if (travel_policy === 'home_zone' || segments.length === 0) return {};
  return { zoneSegments: segments.sort((a, b) => (a.from < b.from ? -1 : 1)) };
}
