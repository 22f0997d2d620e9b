import { dateAt } from '../../clinical/index.ts';
import { type Instant, msOf } from '../../lifecycle/instant.ts';
import type { Again } from './compose.ts';
import { Coverage } from './coverage.ts';
import { keepUnit, type TallyKeeper } from './keep-unit.ts';
import { lateHours, markSeen } from './late-hours.ts';
import { localDaysBetween } from './local-days.ts';
import { readTallies } from './stored-tallies.ts';
import { DAY_MS, instantsOf, type TimeWindow } from './time-window.ts';
import { dayAt, monthAt, type Unit } from './units.ts';

/** A window that ended longer ago is asked for its numbers only. */
const RECENT_DAYS = 7;
/** Days before the rolled-up one, of which the last hours become final only now. */
const DAYS_BACK = 2;

export interface Upkeep {
  /** Hours to which data came late, to be counted anew. */
  readonly late: Again;
  /** UTC days whose records were looked after. */
  readonly days: number;
}

/**
 * What the roll-up of a local day or month does for stored numbers, in whatever zone that day is. A day's looks after the UTC
 * days that it touches and those before whose hours were not final, and after hours to which data came late, with their days and
 * months; a month's makes the record of the UTC month.
 * @param unit the window itself, when it is a unit; its own record is left to the caller
 * @returns `undefined` for every other window, and for one that ended long ago
 */
export async function keepUp(
  world: TallyKeeper,
  window: TimeWindow,
  isWholeDays: boolean,
  timeZone: string,
  unit: Unit | undefined,
): Promise<Upkeep | undefined> {
  const now = msOf(world.now());
  const { start, end } = instantsOf(window);
  const isDay = unit?.grain === 'day' || (isWholeDays && localDaysBetween(start, end, timeZone) === 1);
  if (window.endMs > now || window.endMs < now - RECENT_DAYS * DAY_MS) return undefined;
  if (isDay) return keepDays(world, window, unit);
  if (isWholeDays && isMonth(start, end, timeZone)) {
    const month = monthAt((window.startMs + window.endMs) / 2);
    if (month.startMs !== unit?.startMs && month.endMs <= now) await keepUnit(world, month, new Coverage());
  }
  return undefined;
}

/** From the first of a month to the first of the next one. */
function isMonth(start: Instant, end: Instant, timeZone: string): boolean {
  const [first, next] = [dateAt(start, timeZone), dateAt(end, timeZone)];
  const days = localDaysBetween(start, end, timeZone);
  return first.endsWith('-01') && next.endsWith('-01') && days < 32;
}

async function keepDays(world: TallyKeeper, window: TimeWindow, unit: Unit | undefined): Promise<Upkeep> {
  const touched = daysFrom(dayAt(window.startMs).startMs, window.endMs);
  // The day before, too: its own roll-up may have failed.
  const dates = [dayAt(window.startMs - DAY_MS), ...touched];
  const late = await lateHours(world, dates);
  const recent = daysFrom(dayAt(window.startMs).startMs - DAYS_BACK * DAY_MS, window.endMs);
  const begins = new Set(
    [...recent, ...[...late].map((hour) => dayAt(msOf(hour)))].map(({ startMs }) => startMs),
  );
  const over = [...begins].filter((begin) => begin + DAY_MS <= msOf(world.now())).sort((a, b) => a - b);
  // What is read for others is no input of the answer.
  for (const begin of over)
    if (unit?.startMs !== begin) await keepUnit(world, dayAt(begin), new Coverage(), late);
  for (const begin of new Set(over.map((day) => monthAt(day).startMs))) {
    const month = monthAt(begin);
    // One that is not stored is left to whoever asks for it.
    if ((await readTallies(world, [month])).size > 0) await keepUnit(world, month, new Coverage(), late);
  }
  await markSeen(world, dates);
  return { late, days: over.length };
}

const daysFrom = (startMs: number, endMs: number): readonly Unit[] =>
  Array.from({ length: Math.ceil((endMs - startMs) / DAY_MS) }, (_, index) =>
    dayAt(startMs + index * DAY_MS),
  );
