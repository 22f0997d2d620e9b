import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';

/** Doses of a span to come; `more` when there are, or may be, others in it. */
export interface DosesDue {
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
  readonly more: boolean;
}

const LONGEST_SPAN_MINUTES = 60;
/** Buckets that one request reads at most: with more shards than 16 the span gets shorter than an hour. */
const MOST_BUCKETS = 960;
const ABREAST = 16;
const MOST_DOSES = 100_000;

/**
 * How many schedules have a dose in the next hour, by the buckets that the tick reads. A schedule that was changed is
 * counted once, one that was stopped meanwhile still, and of one with several doses in the span the next one only.
 */
export async function dosesDue({ dueBuckets }: Pick<Engine, 'dueBuckets'>, now: Instant): Promise<DosesDue> {
  const minutes = Math.max(1, Math.min(LONGEST_SPAN_MINUTES, Math.floor(MOST_BUCKETS / dueBuckets.shards)));
  const from: Instant = `${now.slice(0, 16)}:00.000Z`;
  const buckets = Array.from({ length: minutes }, (_, minute) => addSeconds(from, minute * 60)).flatMap(
    (minute) => Array.from({ length: dueBuckets.shards }, (_, shard) => ({ shard, minute })),
  );
  const seen = new Set<string>();
  const rest = buckets.values();
  const reader = async () => {
    for (const { shard, minute } of rest)
      for await (const { owner, medicationRef, dueAt } of dueBuckets.read(shard, minute)) {
        if (dueAt < now) continue;
        if (seen.size >= MOST_DOSES) return;
        seen.add(`${owner}#${medicationRef}`);
      }
  };
  await Promise.all(Array.from({ length: ABREAST }, reader));
  return {
    from: now,
    to: addSeconds(from, minutes * 60),
    count: seen.size,
    more: seen.size >= MOST_DOSES,
  };
}
