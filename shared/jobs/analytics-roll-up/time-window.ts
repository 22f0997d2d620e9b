import type { Problem } from '../../errors/problem-error.ts';
import { msOf } from '../../lifecycle/instant.ts';
import { type ReadInstant, readInstant } from '../../lifecycle/read-instant.ts';
import type { AnalyticsRollUpPayload } from './schema.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The longest window of one roll-up. */
export const LONGEST_DAYS = 31;

/** A half-open window `[startMs, endMs)` in milliseconds since 1970-01-01T00:00Z. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

export type OpenedWindow =
  | { readonly ok: true; readonly window: TimeWindow }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a body's `time_range`. Offsets are resolved here; everything later is UTC and knows no daylight saving. */
export function openWindow(range: AnalyticsRollUpPayload['time_range']): OpenedWindow {
  const start = readInstant(range.start);
  const end = readInstant(range.end);
  if (!start.ok || !end.ok)
    return { ok: false, problems: [...problemsOf('start', start), ...problemsOf('end', end)] };
  const [startMs, endMs] = [msOf(start.instant), msOf(end.instant)];
  if (startMs >= endMs)
    return refuse('/time_range/end', 'start_not_before_end', '`end` must be later than `start`.');
  if (endMs - startMs > LONGEST_DAYS * DAY_MS)
    return refuse('/time_range', 'range_too_long', `The range may cover at most ${LONGEST_DAYS} days.`);
  return { ok: true, window: { startMs, endMs } };
}

/** One window's part of every UTC hour that it touches, in order. Outcome rows are stored by the same hours. */
export function hoursOf(window: TimeWindow): readonly TimeWindow[] {
  const hours: TimeWindow[] = [];
  for (let startMs = window.startMs; startMs < window.endMs; ) {
    const endMs = Math.min((Math.floor(startMs / HOUR_MS) + 1) * HOUR_MS, window.endMs);
    hours.push({ startMs, endMs });
    startMs = endMs;
  }
  return hours;
}

/** Id of the record that holds a window's numbers: `hour#…` and `day#…` for whole UTC hours and days, else `range#…`. */
export function rollUpId(window: TimeWindow): string {
  const start = isoOf(window.startMs);
  const lengthMs = window.endMs - window.startMs;
  if (lengthMs === HOUR_MS && window.startMs % HOUR_MS === 0) return `hour#${start}`;
  if (lengthMs === DAY_MS && window.startMs % DAY_MS === 0) return `day#${start}`;
  return `range#${start}#${isoOf(window.endMs)}`;
}

/** `2026-03-01T00:00:00.000Z` */
export const isoOf = (epochMs: number): string => new Date(epochMs).toISOString();

const refuse = (pointer: string, code: string, detail: string): OpenedWindow => ({
  ok: false,
  problems: [{ pointer, code, detail }],
});

const problemsOf = (member: string, read: ReadInstant): Problem[] =>
  read.ok ? [] : [{ pointer: `/time_range/${member}`, code: read.code, detail: read.detail }];
