import { msOf } from '../../lifecycle/instant.ts';
import { LATE_AFTER_HOURS, type World } from '../ports.ts';
import { DAY_MS, HOUR_MS, type TimeWindow } from './time-window.ts';

/** What a writer dates before a moment can be read so long after it: no function runs longer. */
export const IN_FLIGHT_MS = 15 * 60_000;
/** Rows are kept for 396 days; what is nearly as old is not counted anew, because some of it may be gone. */
const ROWS_KEPT_DAYS = 390;

/** From when on what changes in the hours of a window leaves a mark, so that their records stand. */
export const settlesAt = ({ endMs }: Pick<TimeWindow, 'endMs'>): number =>
  Math.ceil(endMs / HOUR_MS) * HOUR_MS + LATE_AFTER_HOURS * HOUR_MS + IN_FLIGHT_MS;

export const isSettled = (world: Pick<World, 'now'>, window: TimeWindow): boolean =>
  msOf(world.now()) > settlesAt(window);

/** Whether the rows of that stretch may be gone already. */
export const isExpired = (world: Pick<World, 'now'>, { startMs }: TimeWindow): boolean =>
  startMs < msOf(world.now()) - ROWS_KEPT_DAYS * DAY_MS;
