import type { JsonObject } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import { applyBusinessRules, recordAcceptance } from '#shared/operations/submit-job.ts';
import { tick } from '#shared/operations/tick.ts';
import { tickShard } from '#shared/operations/tick-shard.ts';
import { deliverAll, deliverNext, planFor, rowOf, type TestEngine } from './test-engine.ts';

interface Reminder {
  readonly userId?: string;
  readonly medicationId?: string;
  readonly schedule: JsonObject;
}

/** Submits a medication-reminder and runs it; what else is visible now is delivered as well. */
export async function setReminder(engine: TestEngine, reminder: Reminder): Promise<void> {
  const kind = engine.kinds.get('medication-reminder');
  if (!kind) throw new Error('There is no job kind medication-reminder.');
  const { userId = 'user-1', medicationId = 'med-1', schedule } = reminder;
  const payload = { user_id: userId, medication_id: medicationId, schedule };
  const plan = await applyBusinessRules(engine, planFor(engine, kind, { payload }));
  const { body } = await recordAcceptance(engine, plan);
  await deliverAll(engine);
  const { status } = await rowOf(engine, String(body['job_id']));
  if (status !== 'succeeded') throw new Error(`The reminder ended ${status}.`);
}

/** What one reminder told, and when it left. */
export interface Told {
  readonly at: Instant;
  readonly dueAt: Instant;
  readonly medicationId: string;
  readonly localTime: string;
  readonly late: boolean;
}

/**
 * Lets time pass until `end`, minute by minute: the tick with all its shards at each full minute unless it is out, and
 * every message in the second in which it becomes visible.
 */
export async function letTimePass(
  engine: TestEngine,
  end: Instant,
  isOut: (minute: Instant) => boolean = () => false,
): Promise<Told[]> {
  const told: Told[] = [];
  const known = engine.publisher.all.length;
  let seen = known;
  const note = () => {
    for (const one of engine.publisher.all.slice(seen))
      told.push({
        at: engine.time.now(),
        dueAt: one.due_at,
        medicationId: one.medication_id,
        localTime: one.local_time,
        late: one.late,
      });
    seen = engine.publisher.all.length;
  };
  for (let minute = engine.time.now(); minute < end; minute = addSeconds(minute, 60)) {
    engine.time.set(minute);
    if (!isOut(minute)) {
      await tick(engine);
      for (const { shard } of engine.tickQueue.takeAll()) await tickShard(engine, shard);
    }
    const next = addSeconds(minute, 60);
    for (let at = nextVisible(engine); at !== undefined && at < next; at = nextVisible(engine)) {
      if (at > engine.time.now()) engine.time.set(at);
      await deliverNext(engine);
      note();
    }
  }
  engine.time.set(end);
  return told;
}

const nextVisible = ({ queue }: TestEngine): Instant | undefined =>
  queue.held
    .map((held) => held.visibleAt)
    .reduce<Instant | undefined>((first, at) => (first === undefined || at < first ? at : first), undefined);
