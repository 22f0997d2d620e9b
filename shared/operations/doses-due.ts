import type { JsonObject } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import type { DueBuckets } from './ports.ts';

/** Doses of the 24 hours to come: of the next hour those that stand, of the others as many as yesterday. */
export interface DosesDue {
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
  /** There are, or may be, others: not all of the next hour were counted, nothing is known of the later ones, or there were fewer yesterday. */
  readonly more: boolean;
  /** By what the hours after the first are estimated; `nothing`: no dose was due yesterday. */
  readonly estimated_by: 'yesterday' | 'nothing';
  readonly by_hour: readonly {
    readonly from: Instant;
    readonly count: number;
    readonly estimated: boolean;
  }[];
}

const HOURS = 24;
const HOUR_SECONDS = 3_600;
const MINUTES = 60;
/** Shards hold users by hash, so with more than these the next hour is known from that many of them. */
const MOST_SHARDS = 16;
const ABREAST = 16;
const MOST_DOSES = 100_000;
/** So many times as many in the next hour as in the same of yesterday are no chance: use grows, and yesterday tells too little. */
const GROWTH = 1.25;

/**
 * How many doses become due in each of the next 24 hours. Those of the next one are counted by the buckets that the tick
 * reads: schedules whose next dose is then, of several within the hour the first one only, and one that was just stopped
 * may still count. Doses of later hours stand nowhere yet; most are taken each day, so those of yesterday are told.
 */
export async function dosesDue(
  { dueBuckets, pastDoses }: Pick<Engine, 'dueBuckets' | 'pastDoses'>,
  now: Instant,
): Promise<DosesDue> {
  const start: Instant = `${now.slice(0, 16)}:00.000Z`;
  const hours = Array.from({ length: HOURS }, (_, hour) => addSeconds(start, hour * HOUR_SECONDS));
  const yesterday = hours.map((hour) => addSeconds(hour, -HOURS * HOUR_SECONDS));
  const [next, same = 0, ...later] = await Promise.all([
    countNextHour(dueBuckets, start, now),
    ...yesterday.map((hour) => pastDoses.count(hour, addSeconds(hour, HOUR_SECONDS))),
  ]);
  const counts = [next, ...later];
  // A deployment, or its use, that is younger than a day.
  const isKnown = later.some((count) => count > 0);
  return {
    from: now,
    to: addSeconds(start, HOURS * HOUR_SECONDS),
    count: counts.reduce((sum, count) => sum + count, 0),
    more: next >= MOST_DOSES || !isKnown || next > GROWTH * same,
    estimated_by: isKnown ? 'yesterday' : 'nothing',
    by_hour: hours.map((from, index) => ({
      from: index === 0 ? now : from,
      count: counts[index] ?? 0,
      estimated: index > 0 || dueBuckets.shards > MOST_SHARDS,
    })),
  };
}

async function countNextHour(dueBuckets: DueBuckets, start: Instant, now: Instant): Promise<number> {
  const shards = Math.min(MOST_SHARDS, dueBuckets.shards);
  const rest = Array.from({ length: MINUTES }, (_, minute) => addSeconds(start, minute * 60))
    .flatMap((minute) => Array.from({ length: shards }, (_, shard) => ({ shard, minute })))
    .values();
  const seen = new Set<string>();
  const reader = async () => {
    for (const { shard, minute } of rest)
      for await (const { owner, medicationRef, dueAt } of dueBuckets.read(shard, minute)) {
        if (dueAt < now) continue;
        if (seen.size >= MOST_DOSES) return;
        seen.add(`${owner}#${medicationRef}`);
      }
  };
  await Promise.all(Array.from({ length: ABREAST }, reader));
  return Math.round((seen.size * dueBuckets.shards) / shards);
}

export const dosesView = (due: DosesDue): JsonObject => ({
  ...due,
  by_hour: due.by_hour.map((hour) => ({ ...hour })),
});
