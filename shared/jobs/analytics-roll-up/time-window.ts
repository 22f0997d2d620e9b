import type { Problem } from '../../errors/problem-error.ts';
import { type Instant, instantOf, msOf } from '../../lifecycle/instant.ts';
import { type ReadInstant, readInstant } from '../../lifecycle/read-instant.ts';
import { isStartOfDay, localDaysBetween } from './local-days.ts';
import type { AnalyticsRollUpPayload } from './schema.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The longest window of one roll-up, and the longest that is made of whole local days. */
const LONGEST_DAYS = 31;
const LONGEST_LOCAL_DAYS = 366;

/** A half-open window `[startMs, endMs)` in milliseconds since 1970-01-01T00:00Z. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

export type OpenedWindow =
  | { readonly ok: true; readonly window: TimeWindow; readonly isWholeDays: boolean }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a body's `time_range`. Offsets are resolved here; everything later is UTC and knows no daylight saving. */
export function openWindow(range: AnalyticsRollUpPayload['time_range'], timeZone: string): OpenedWindow {
  const start = readInstant(range.start);
  const end = readInstant(range.end);
  if (!start.ok || !end.ok)
    return { ok: false, problems: [...problemsOf('start', start), ...problemsOf('end', end)] };
  const [startMs, endMs] = [msOf(start.instant), msOf(end.instant)];
  if (startMs >= endMs)
    return refuse('/time_range/end', 'start_not_before_end', '`end` must be later than `start`.');
  const longest = endMs - startMs;
  if (longest > (LONGEST_LOCAL_DAYS + 1) * DAY_MS) return tooLong();
  const isWholeDays = isStartOfDay(start.instant, timeZone) && isStartOfDay(end.instant, timeZone);
  const fits = isWholeDays
    ? localDaysBetween(start.instant, end.instant, timeZone) <= LONGEST_LOCAL_DAYS
    : longest <= LONGEST_DAYS * DAY_MS;
  return fits ? { ok: true, window: { startMs, endMs }, isWholeDays } : tooLong();
}

/** `2026-03-01T00:00:00.000Z` at both ends. */
export const instantsOf = ({ startMs, endMs }: TimeWindow): { start: Instant; end: Instant } => ({
  start: instantOf(startMs),
  end: instantOf(endMs),
});

const tooLong = (): OpenedWindow =>
  refuse(
    '/time_range',
    'range_too_long',
    `The range may cover at most ${LONGEST_DAYS} days, or ${LONGEST_LOCAL_DAYS} whole local days.`,
  );

const refuse = (pointer: string, code: string, detail: string): OpenedWindow => ({
  ok: false,
  problems: [{ pointer, code, detail }],
});

const problemsOf = (member: string, read: ReadInstant): Problem[] =>
  read.ok ? [] : [{ pointer: `/time_range/${member}`, code: read.code, detail: read.detail }];
