import { dateAt } from '../../clinical/index.ts';
import { type Instant, msOf } from '../../lifecycle/instant.ts';
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

/**
 * What the roll-up of a local day or month does for stored numbers, in whatever zone that day is. A day's looks after the UTC
 * days that it touches and those before whose hours were not final, and after hours to which data came late, with their days and
 * months; a month's makes the record of the UTC month.
 * @param unit the window itself, when it is a unit; its own record is left to the caller
 * @returns the number of UTC days up to the window's end that were looked after; `undefined` for every other window, and for one that
 * ended long ago
 */
export async function keepUp(
  world: TallyKeeper,
  window: TimeWindow,
  isWholeDays: boolean,
  timeZone: string,
  unit: Unit | undefined,
): Promise<number | undefined> {
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

async function keepDays(world: TallyKeeper, window: TimeWindow, unit: Unit | undefined): Promise<number> {
  const found = await lateHours(world);
  const late = found.hours;
  const isOver = (day: Unit): boolean => day.endMs <= msOf(world.now());
  const recent = daysFrom(dayAt(window.startMs).startMs - DAYS_BACK * DAY_MS, window.endMs).filter(isOver);
  const lateDays = new Set([...late].map((hour) => dayAt(msOf(hour)).startMs));
  const begins = new Set([...recent.map(({ startMs }) => startMs), ...lateDays]);
  // What is read for others is no input of the answer.
  for (const begin of [...begins].sort((a, b) => a - b))
    if (unit?.startMs !== begin || lateDays.has(begin))
      await keepUnit(world, dayAt(begin), new Coverage(), late);
  for (const begin of new Set([...begins].map((day) => monthAt(day).startMs))) {
    const month = monthAt(begin);
    // One that is not stored is left to whoever asks for it.
    if ((await readTallies(world, [month])).size > 0) await keepUnit(world, month, new Coverage(), late);
  }
  await markSeen(world, found);
  return recent.length;
}

const daysFrom = (startMs: number, endMs: number): readonly Unit[] =>
  Array.from({ length: Math.ceil((endMs - startMs) / DAY_MS) }, (_, index) =>
    dayAt(startMs + index * DAY_MS),
  );
