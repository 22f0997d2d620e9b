import { type Instant, instantOf, msOf } from '../../lifecycle/instant.ts';
import { type RecordKey, type StoredRecord, SYSTEM_OWNER, type World } from '../ports.ts';
import type { Again } from './keep-unit.ts';
import { IN_FLIGHT_MS, isExpired } from './settled.ts';
import { DAY_MS } from './time-window.ts';
import { dayAt, hourAt } from './units.ts';

type LateReader = Pick<World, 'events' | 'now' | 'records'>;

/** Marks live as long as rows; what they say of older hours could not be counted anew. */
const MARKS_KEPT_DAYS = 396;
/** Hours that one roll-up counts anew: a year that was imported at once is left to several. */
const MOST_HOURS = 500;

/** How far marks were worked off: wholly up to a date, and of the next one up to an hour. */
interface Progress {
  /** Begin of that date. */
  readonly until: Instant;
  readonly through?: Instant;
}

export interface LateHours {
  readonly hours: Again;
  /** To be noted once the hours were counted. */
  readonly progress: Progress | undefined;
  readonly seen: StoredRecord<'rollup'> | undefined;
}

/** Hours to which data came late and that were not counted anew since, oldest marks first, however old they are. */
export async function lateHours(world: LateReader): Promise<LateHours> {
  const now = msOf(world.now());
  const [seen] = await world.records.readMany([SEEN]);
  let progress = seen && progressOf(seen);
  const first = progress ? msOf(progress.until) + DAY_MS : dayAt(now - MARKS_KEPT_DAYS * DAY_MS).startMs;
  const hours = new Set<Instant>();
  for (let at = first; at <= now; at += DAY_MS) {
    const day = dayAt(at);
    const start = instantOf(day.startMs);
    const through = at === first ? (progress?.through ?? '') : '';
    const marked = (await world.events.lateHours(start.slice(0, 10)))
      .filter((hour) => hour > through && !isExpired(world, hourAt(msOf(hour))))
      .toSorted();
    const taken = marked.slice(0, MOST_HOURS - hours.size);
    for (const hour of taken) hours.add(hour);
    // A date that is not over may still get marks, and one that was over just now, too.
    if (day.endMs + IN_FLIGHT_MS > now) break;
    if (taken.length < marked.length) {
      progress = { until: instantOf(at - DAY_MS), through: taken.at(-1) ?? through };
      break;
    }
    progress = { until: start };
  }
  return { hours, progress, seen };
}

/** Notes that the marked hours were counted anew. */
export async function markSeen(
  world: Pick<World, 'recordIntent'>,
  { progress, seen }: LateHours,
): Promise<void> {
  if (!progress) return;
  const before = seen && progressOf(seen);
  if (before?.until === progress.until && before.through === progress.through) return;
  const state = { revision: (seen?.state.revision ?? 0) + 1 };
  const body = { v: 2, ...progress };
  await world.recordIntent([{ ...SEEN, expect: seen?.version ?? 'absent', state, body }]);
}

const SEEN: RecordKey<'rollup'> = { type: 'rollup', owner: SYSTEM_OWNER, id: 'late#seen' };

const progressOf = ({ body: { until, through } }: StoredRecord<'rollup'>): Progress => ({
  until: String(until),
  ...(typeof through === 'string' && { through }),
});
