import { ianaTimeZone } from '../../clinical/index.ts';
import type { Problem } from '../../errors/problem-error.ts';
import { type Instant, instantOf } from '../../lifecycle/instant.ts';
import type { Facts, Ruling } from '../define-job-kind.ts';
import { daysAround, isStartOfDay } from './local-days.ts';
import { metricsTypeProblems, personMetricsIn } from './metrics-types.ts';
import type { AnalyticsRollUpPayload } from './schema.ts';
import { instantsOf, openWindow, type TimeWindow } from './time-window.ts';
import { hourAt } from './units.ts';

/** Local days of a deployment that named no zone. */
const LAST_RESORT = 'Etc/UTC';

/** The zone of a roll-up's local days; `undefined` when the body names none of the database. */
export const zoneOf = (
  { time_zone }: AnalyticsRollUpPayload,
  defaultTimeZone: string | undefined,
): string | undefined =>
  time_zone === undefined ? (ianaTimeZone(defaultTimeZone ?? '') ?? LAST_RESORT) : ianaTimeZone(time_zone);

/**
 * Window, zone and metrics types, all problems at once. A window may lie ahead: with `run_at` the job runs after its end.
 * The accepted payload carries its zone, so that a later change of the deployment's default moves no day of it.
 */
export function rules(
  payload: AnalyticsRollUpPayload,
  { defaultTimeZone }: Pick<Facts, 'defaultTimeZone'>,
): Ruling<AnalyticsRollUpPayload> {
  const timeZone = zoneOf(payload, defaultTimeZone);
  const opened = openWindow(payload.time_range, timeZone ?? LAST_RESORT);
  const people = personMetricsIn(payload.metrics_types);
  const problems = [
    ...(opened.ok ? [] : opened.problems),
    ...metricsTypeProblems(payload.metrics_types),
    ...(timeZone === undefined ? [NO_ZONE] : []),
    ...(opened.ok && timeZone !== undefined && people.length > 0
      ? partialDayProblems(opened.window, timeZone, people)
      : []),
    ...(opened.ok && !opened.isWholeDays && payload.metrics_types.includes('security')
      ? partialHourProblems(opened.window)
      : []),
  ];
  if (problems.length > 0 || timeZone === undefined) return { ok: false, problems };
  return { ok: true, payload: { ...payload, time_zone: timeZone } };
}

const NO_ZONE: Problem = {
  pointer: '/time_zone',
  code: 'time_zone_not_iana',
  detail: 'Use a region of the IANA database such as America/New_York.',
};

/** A few hours of a day would tell too much about few people, so what tells of people takes whole days. */
function partialDayProblems(window: TimeWindow, timeZone: string, people: readonly string[]): Problem[] {
  const problemAt = (pointer: string, instant: Instant): Problem[] => {
    if (isStartOfDay(instant, timeZone)) return [];
    const [before, after] = daysAround(instant, timeZone);
    const detail = `${people.join(', ')} take whole local days: send ${before} or ${after}, where a day begins in ${timeZone}.`;
    return [{ pointer, code: 'not_start_of_local_day', detail }];
  };
  return [
    ...problemAt('/time_range/start', instantOf(window.startMs)),
    ...problemAt('/time_range/end', instantOf(window.endMs)),
  ];
}

/** Refusals are counted by the hour, so a part of one has no number. Local days may begin at half hours: their answer says what it holds. */
const partialHourProblems = ({ startMs, endMs }: TimeWindow): Problem[] =>
  Object.entries({ start: startMs, end: endMs }).flatMap(([member, ms]) => {
    const hour = hourAt(ms);
    const { start, end } = instantsOf(hour);
    const detail = `security takes whole UTC hours: send ${start} or ${end}; or whole local days.`;
    return hour.startMs === ms
      ? []
      : [{ pointer: `/time_range/${member}`, code: 'not_start_of_hour', detail }];
  });
