import type { DeliveryOrder } from '../clinical/index.ts';
import type { Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import { derivedJobId } from './derived-job-id.ts';
import type { Engine } from './engine.ts';
import { systemActor } from './job-change.ts';
import { newJob } from './new-job.ts';
import { saltedHash, sealPayload } from './payload-envelope.ts';
import type { NewJob } from './ports.ts';

export interface JobOrder {
  readonly order: DeliveryOrder;
  readonly owner: Ref;
  readonly now: Instant;
  /** What the job is for, unique among the owner's: the same gives the same id. */
  readonly key: string;
  /** The part of the system that makes it. */
  readonly part: string;
  /** Its own id unless given. */
  readonly correlationId?: string;
}

/** The job that tells one message about a dose, made outside of any attempt. Made twice it is one job. */
export function orderJob(
  deps: Pick<Engine, 'kinds' | 'random'>,
  { order, owner, now, key, part, correlationId }: JobOrder,
): NewJob {
  const kind = deps.kinds.get('reminder-delivery');
  if (!kind) throw new Error('There is no job kind reminder-delivery.');
  const salt = deps.random.hex(32);
  const jobId = derivedJobId(order.due_at, `${owner}#${key}`);
  return newJob({
    jobId,
    entryId: deps.random.ulid(now),
    kind,
    payload: sealPayload(order, salt),
    priority: kind.defaultPriority,
    now,
    dueAt: order.tell_at ?? order.due_at,
    expiresAt: order.expires_at,
    userRef: owner,
    actor: systemActor(part),
    correlationId: correlationId ?? jobId,
    details: { request_hash: saltedHash(order, salt) },
  });
}
