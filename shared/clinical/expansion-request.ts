import { Temporal } from 'temporal-polyfill';
import { type Problem, ProblemError } from '../errors/problem-error.ts';
import { MOST_YEARS } from './check-dates.ts';
import type { Report } from './check-schedule.ts';
import { checkTimes } from './check-times.ts';
import { checkLists, checkMembers, checkStay, withoutNulls } from './expansion-members.ts';
import { patternOf } from './expansion-pattern.ts';
import { frequencyOfCode } from './frequency.ts';
import { type ParsedFrequency, parseFrequency } from './parse-frequency.ts';
import type { Schedule } from './schedule.ts';
import { calendarDate, isSupportedDate, SUPPORTED_DATES } from './supported-dates.ts';
import { ianaTimeZone } from './time-zone.ts';

/** A schedule to be expanded, with the member names of the DST vectors. */
export interface ExpansionRequest {
  /** Taken from the frequency and the times unless given; given, it must agree with them. */
  readonly rule?: 'wall_clock' | 'elapsed_interval';
  readonly time_zone: string;
  readonly frequency: string;
  /**
   * Local clock times; absent: the built-in default times of the frequency. None for elapsed hours, as needed, and a
   * single dose now.
   */
  readonly times?: readonly string[];
  /** Local date; like every date here from 1900-01-01 to 2999-12-31. */
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

/** A schedule that can be expanded, and whether its clock times are the built-in ones. */
export interface RequestedSchedule {
  readonly schedule: Schedule;
  readonly byDefaultTimes: boolean;
}

/**
 * The schedule that a request for an expansion describes. Weekdays, times and cycles are held against the frequency;
 * here `by_day` decides the dates alone, so weekly may name several days. A member that is not known is a mistake, in a stay, too; what
 * a case of the vectors says about itself (`id`, `title`, `expected_utc` …) is passed over.
 * @throws ProblemError `invalid_input` with a pointer for every contradiction
 */
export function scheduleOfExpansion(sent: ExpansionRequest): RequestedSchedule {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) throw refusal([NO_OBJECT]);
  const request = withoutNulls(sent);
  const problems: Problem[] = [];
  const report: Report = (member, code, detail) => {
    problems.push({ pointer: `/${member}`, code, detail });
  };
  checkMembers(sent, report);
  checkLists(request, report);
  const parsed = frequencyIn(request);
  if (!parsed.ok) report('frequency', parsed.problem, parsed.detail);
  const timed = parsed.ok && problems.length === 0 ? checkTimes(parsed, request, {}, report) : undefined;
  const zone = zoneNamed(request.time_zone, 'time_zone', report);
  const [start, end] = datesOf(request, report);
  if (parsed.ok && timed && zone && start && end) {
    const { frequency, times, source } = timed;
    const repeat = frequencyOfCode(frequency)?.repeat;
    const elapses = times.length === 0 && repeat?.periodUnit === 'h';
    checkRule(request, frequency, elapses, report);
    const isAnchored = elapses || (frequency === 'STAT' && times.length === 0);
    // One that nothing counts from is read all the same: what cannot be read is never passed over.
    const read = isAnchored || request.anchor_local !== undefined ? anchorOf(request, zone, report) : {};
    const schedule: Schedule = {
      frequency,
      times,
      timeZone: zone,
      startDate: start,
      endDate: frequency === 'STAT' ? start : end,
      ...(elapses && { intervalHours: repeat.period }),
      ...(isAnchored && read),
      ...patternOf(parsed, request, { code: frequency, elapses }, report),
      ...travelOf(request, report),
    };
    if (problems.length === 0) return { schedule, byDefaultTimes: source === 'default' };
  }
  throw refusal(problems);
}

const NO_OBJECT: Problem = {
  pointer: '',
  code: 'object_required',
  detail: 'expandSchedule: send one plain object.',
};

/** The message says it all: whoever calls a function from a program may never look at `problems`. */
function refusal(problems: readonly Problem[]): ProblemError {
  const said = problems.map(({ pointer, detail }) => `${pointer} ${detail}`.trim()).join(' ');
  return new ProblemError('invalid_input', `This schedule cannot be expanded. ${said}`, { problems });
}

/** `BIW` is twice a week or every two weeks; the canonical code for twice a week, once two days are named with it. */
function frequencyIn({ frequency, by_day }: ExpansionRequest): ParsedFrequency {
  const isTwiceWeekly = frequency === 'BIW' && by_day?.length === 2;
  return parseFrequency(isTwiceWeekly ? 'twice weekly' : frequency);
}

function zoneNamed(name: unknown, member: string, report: Report): string | undefined {
  const zone = typeof name === 'string' ? ianaTimeZone(name) : undefined;
  if (!zone)
    report(member, 'time_zone_not_iana', 'Use a region of the IANA database such as America/New_York.');
  return zone;
}

function dateOf(text: unknown, member: string, report: Report): string | undefined {
  const date = calendarDate(text);
  if (date && isSupportedDate(date)) return date.toString();
  if (date) report(member, 'date_out_of_range', `Use ${SUPPORTED_DATES}.`);
  else report(member, 'date_not_valid', 'Use a date of the calendar, written YYYY-MM-DD.');
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

/** A minute or second of the clock, and at most an offset: what `Temporal` would pass over or fill in is not taken. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

function anchorOf(request: ExpansionRequest, zone: string, report: Report): Pick<Schedule, 'anchor'> {
  const { anchor_local: text } = request;
  if (text === undefined) {
    report('anchor_local', 'anchor_required', 'Say from when hours count: a local YYYY-MM-DDTHH:MM.');
    return {};
  }
  try {
    if (typeof text !== 'string' || !MOMENT.test(text))
      throw new RangeError('This is written in another way.');
    const instant = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text)
      ? Temporal.Instant.from(text)
      : Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant();
    if (isSupportedDate(instant.toZonedDateTimeISO(zone))) return { anchor: instant.toString() };
    report('anchor_local', 'date_out_of_range', `Use ${SUPPORTED_DATES}.`);
  } catch {
    const detail = 'Use a moment of the calendar: a local YYYY-MM-DDTHH:MM, or one with an offset.';
    report('anchor_local', 'anchor_not_valid', detail);
  }
  return {};
}

function travelOf(request: ExpansionRequest, report: Report): Pick<Schedule, 'zoneSegments'> {
  const { travel_policy = 'home_zone', zone_segments = [] } = request;
  if (travel_policy !== 'home_zone' && travel_policy !== 'follow_current_zone')
    report('travel_policy', 'travel_policy_not_valid', 'Use home_zone or follow_current_zone.');
  const segments = zone_segments.flatMap((segment, index) => {
    const at = `zone_segments/${index}`;
    checkStay(segment, at, report);
    const from = dateOf(segment.from, `${at}/from`, report);
    const timeZone = zoneNamed(segment.time_zone, `${at}/time_zone`, report);
    return from && timeZone ? [{ from, timeZone }] : [];
  });
  zone_segments.forEach(({ from }, index) => {
    if (zone_segments.findIndex((one) => one.from === from) < index)
      report(
        `zone_segments/${index}/from`,
        'stay_repeated',
        'Another stay begins on this date: send one of them.',
      );
  });
  if (travel_policy === 'home_zone' || segments.length === 0) return {};
  return { zoneSegments: segments.sort((a, b) => (a.from < b.from ? -1 : 1)) };
}
