import { type Instant, instantOf, msOf } from '../../lifecycle/instant.ts';
import { LATE_AFTER_HOURS, type RecordKey, SYSTEM_OWNER, type World } from '../ports.ts';
import { type Again, isExpired } from './compose.ts';
import { DAY_MS, HOUR_MS, type TimeWindow } from './time-window.ts';
import { dayAt, hourAt, type Unit } from './units.ts';

type LateReader = Pick<World, 'events' | 'now' | 'records'>;

/** Each day's roll-up works off the marks of two days, so older ones are left over when three in a row failed. */
const UNSEEN_DAYS = 3;

/** Hours to which data came late on one of these UTC dates. */
export async function lateHours(world: Pick<World, 'events' | 'now'>, days: readonly Unit[]): Promise<Again> {
  const marked: Instant[] = [];
  for (const day of days) marked.push(...(await world.events.lateHours(dateOf(day))));
  return new Set(marked.filter((hour) => !isExpired(world, hourAt(msOf(hour)))));
}

/**
 * Hours of the window to which data came late, and which no roll-up of a day has worked off yet: whoever asks meanwhile counts them from
 * rows, so no answer gives an old number as final. A window without final hours has none.
 */
export async function unseenLateHours(world: LateReader, window: TimeWindow): Promise<Again> {
  const now = msOf(world.now());
  if (window.startMs + (1 + LATE_AFTER_HOURS) * HOUR_MS >= now) return new Set();
  const days = Array.from({ length: UNSEEN_DAYS }, (_, index) => dayAt(now - index * DAY_MS));
  const seen = await world.records.readMany(days.map(seenKey));
  const late = await lateHours(
    world,
    days.filter((_, index) => seen[index] === undefined),
  );
  const first = hourAt(window.startMs).startMs;
  return new Set([...late].filter((hour) => msOf(hour) >= first && msOf(hour) < window.endMs));
}

/** Notes that the hours which these dates mark were counted anew. A date that is not over may still get marks. */
export async function markSeen(
  world: LateReader & Pick<World, 'recordIntent'>,
  days: readonly Unit[],
): Promise<void> {
  const over = days.filter(({ endMs }) => endMs <= msOf(world.now()));
  const seen = await world.records.readMany(over.map(seenKey));
  for (const [index, day] of over.entries()) {
    if (seen[index] || (await world.events.lateHours(dateOf(day))).length === 0) continue;
    await world.recordIntent([{ ...seenKey(day), expect: 'any', state: { revision: 1 }, body: { v: 2 } }]);
  }
}

const seenKey = (day: Unit): RecordKey<'rollup'> => ({
  type: 'rollup',
  owner: SYSTEM_OWNER,
  id: `late#${dateOf(day)}`,
});

const dateOf = ({ startMs }: Unit): string => instantOf(startMs).slice(0, 10);
