import { instantOf } from '../../lifecycle/instant.ts';
import { DAY_MS, HOUR_MS, type TimeWindow } from './time-window.ts';

/** A UTC hour, day or month: what numbers are stored for. */
export interface Unit extends TimeWindow {
  readonly grain: 'hour' | 'day' | 'month';
}

/** Part of one UTC hour: its numbers are always read from rows. */
export interface PartOfHour extends TimeWindow {
  readonly grain: 'part';
}

/** Begin of an id: `hour#2026-03-01T10:00:00.000Z`. */
export const idOf = ({ grain, startMs }: Unit): string => `${grain}#${instantOf(startMs)}`;

export const hourAt = (ms: number): Unit => unit('hour', floor(ms, HOUR_MS), floor(ms, HOUR_MS) + HOUR_MS);

export const dayAt = (ms: number): Unit => unit('day', floor(ms, DAY_MS), floor(ms, DAY_MS) + DAY_MS);

export function monthAt(ms: number): Unit {
  const date = new Date(ms);
  const begin = (months: number) => {
    const first = new Date(0);
    // Not `Date.UTC`, which takes the years 0 to 99 for others.
    first.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
    return first.getTime();
  };
  return unit('month', begin(0), begin(1));
}

/** The one unit that is exactly this window. */
export const unitOf = (window: TimeWindow): Unit | undefined =>
  [hourAt, dayAt, monthAt].map((at) => at(window.startMs)).find((candidate) => isSame(candidate, window));

/** A window as the largest units that fit into it, in order, and parts of hours at its ends. */
export function unitsOf(window: TimeWindow): readonly (Unit | PartOfHour)[] {
  const units: (Unit | PartOfHour)[] = [];
  for (let at = window.startMs; at < window.endMs; ) {
    const next = [monthAt, dayAt, hourAt]
      .map((unitAt) => unitAt(at))
      .find(({ startMs, endMs }) => startMs === at && endMs <= window.endMs);
    const piece = next ?? part(at, Math.min(floor(at, HOUR_MS) + HOUR_MS, window.endMs));
    units.push(piece);
    at = piece.endMs;
  }
  return units;
}

/** The hours of a day, the days of a month. */
export function childrenOf({ grain, startMs, endMs }: Unit): readonly Unit[] {
  const [at, length] = grain === 'month' ? [dayAt, DAY_MS] : [hourAt, HOUR_MS];
  return Array.from({ length: (endMs - startMs) / length }, (_, index) => at(startMs + index * length));
}

const unit = (grain: Unit['grain'], startMs: number, endMs: number): Unit => ({ grain, startMs, endMs });

const part = (startMs: number, endMs: number): PartOfHour => ({ grain: 'part', startMs, endMs });

const floor = (ms: number, length: number): number => Math.floor(ms / length) * length;

const isSame = (a: TimeWindow, b: TimeWindow): boolean => a.startMs === b.startMs && a.endMs === b.endMs;
