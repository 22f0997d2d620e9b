import { METRICS } from '../contract/metrics.ts';
import { addSeconds, type Instant, secondsBetween } from '../lifecycle/instant.ts';
import { type AdvanceDeps, advanceDue } from './advance-due.ts';
import type { Engine } from './engine.ts';
import type { DueEntry, NewJob } from './ports.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

type ShardDeps = AdvanceDeps & Pick<Engine, 'dueBuckets' | 'queue' | 'metrics' | 'log' | 'clock'>;

/** How far ahead the tick reads the minute buckets. Each is read once: the watermark never goes back. */
export const LOOK_AHEAD_SECONDS = 300;

/**
 * Where a shard begins that has never been worked through: schedules may have been accepted while the ticks failed that
 * should have been its first. An entry that lies before is never found, and its schedule stands still.
 */
const FIRST_LOOK_BACK_SECONDS = 24 * 3600;

/** An entry that cannot be advanced holds up its shard for so long, then it is passed over and counted. */
const GIVE_UP_AFTER_SECONDS = 12 * 3600;

/** Schedules that one shard worker advances, and minutes that it reads, at the same time. */
const PARALLEL = 8;

/** Deliveries per second that the workers are laid out for; more are spread over the first 20 s after the due time. */
const DELIVERIES_PER_SECOND = 50;
const LONGEST_SPREAD_SECONDS = 20;

/**
 * Works through one shard's due schedules from its watermark to five minutes ahead, minute by minute, and catches up
 * by itself after missed ticks. Every entry is settled; one that fails keeps the watermark where it is.
 * @throws the first failure, after all entries of its minute were tried
 */
export async function tickShard(deps: ShardDeps, shard: number): Promise<{ made: number; notSent: number }> {
  const now = deps.clock();
  const ahead = floorMinute(addSeconds(now, LOOK_AHEAD_SECONDS));
  const stored = await deps.dueBuckets.watermark(shard);
  const start = stored ?? floorMinute(addSeconds(now, -FIRST_LOOK_BACK_SECONDS));
  // Written in every round, so that an alarm can tell a silent shard; one that has never been worked through is not late.
  const lag = stored === undefined ? 0 : Math.max(secondsBetween(start, ahead), 0);
  deps.metrics.add(METRICS.tickLag, lag, 'Seconds');
  let made = 0;
  let notSent = 0;
  let failure: unknown;
  for (let minute = start; minute <= ahead && failure === undefined; ) {
    const minutes = minutesFrom(minute, ahead);
    const buckets = await Promise.all(minutes.map((one) => entriesOf(deps, shard, one)));
    for (const entries of buckets) {
      const round = await workMinute(deps, shard, entries, now);
      made += round.made;
      notSent += round.notSent;
      failure = round.failure;
      if (failure !== undefined) break;
      minute = addSeconds(minute, 60);
    }
    // Moved as it goes: after a long gap a worker that is cut off leaves the next one less to do.
    if (minute > start) await deps.dueBuckets.moveWatermark(shard, minute);
  }
  if (notSent > 0) {
    deps.metrics.add(METRICS.remindersNotSent, notSent, 'Count');
    for (let dose = 0; dose < notSent; dose += 1) deps.metrics.add(METRICS.remindersOnTime, 0, 'Count');
    deps.log.warn('tick.not_sent', { shard, count: notSent });
  }
  deps.log.info('tick.shard_done', { shard, count: made, lag_seconds: secondsBetween(start, ahead) });
  if (failure !== undefined) throw failure;
  return { made, notSent };
}

/** The next minutes to be worked through, at most as many as are read at the same time. */
function minutesFrom(start: Instant, ahead: Instant): Instant[] {
  const left = secondsBetween(start, ahead) / 60 + 1;
  return Array.from({ length: Math.min(left, PARALLEL) }, (_, index) => addSeconds(start, index * 60));
}

async function entriesOf(deps: ShardDeps, shard: number, minute: Instant): Promise<DueEntry[]> {
  const entries: DueEntry[] = [];
  for await (const entry of deps.dueBuckets.read(shard, minute)) entries.push(entry);
  return entries;
}

interface MinuteRound {
  readonly made: number;
  readonly notSent: number;
  readonly failure?: unknown;
}

async function workMinute(
  deps: ShardDeps,
  shard: number,
  entries: readonly DueEntry[],
  now: Instant,
): Promise<MinuteRound> {
  let made = 0;
  let notSent = 0;
  let failure: unknown;
  for (let from = 0; from < entries.length; from += PARALLEL) {
    const batch = entries.slice(from, from + PARALLEL);
    const settled = await Promise.allSettled(batch.map((entry) => advanceDue(deps, entry, now)));
    const jobs: NewJob[] = [];
    for (const [index, one] of settled.entries()) {
      if (one.status === 'fulfilled') {
        jobs.push(...one.value.jobs);
        made += one.value.made;
        notSent += one.value.notSent;
      } else if (hopeless(batch[index], now)) {
        notSent += 1;
        deps.log.error('tick.entry_given_up', { shard, error_name: nameOf(one.reason) });
      } else failure = one.reason;
    }
    const spread = spreadSeconds(entries.length, deps.dueBuckets.shards);
    await sendJobs(
      deps,
      jobs.map((job, index) => queuedMessage(job.row, now, (from + index) % (spread + 1))),
    );
  }
  return { made, notSent, ...(failure !== undefined && { failure }) };
}

const hopeless = (entry: DueEntry | undefined, now: Instant): boolean =>
  entry !== undefined && secondsBetween(entry.dueAt, now) > GIVE_UP_AFTER_SECONDS;

/** A few doses go out at once; a full minute is spread so that the workers keep up. */
const spreadSeconds = (entries: number, shards: number): number =>
  Math.min(LONGEST_SPREAD_SECONDS, Math.floor((entries * shards) / DELIVERIES_PER_SECOND));

const floorMinute = (instant: Instant): Instant => `${instant.slice(0, 16)}:00.000Z`;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
