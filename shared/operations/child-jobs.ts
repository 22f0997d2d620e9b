import { PermanentError } from '../errors/attempt-error.ts';
import type { ChildJob } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { derivedJobId } from './derived-job-id.ts';
import type { Engine } from './engine.ts';
import { systemActor } from './job-change.ts';
import { newJob } from './new-job.ts';
import { saltedHash, sealPayload } from './payload-envelope.ts';
import type { NewJob } from './ports.ts';

/** One transaction holds 100 items; a child takes three, all of them together one, and their parent some of its own. */
export const MOST_CHILDREN = 30;

/** Children of one attempt. Ids follow from parent, generation and key: a repeated attempt makes the same jobs. */
export function childJobs(
  deps: Pick<Engine, 'kinds' | 'random'>,
  parent: JobRow,
  children: readonly ChildJob[],
  now: Instant,
  awaited: boolean,
): NewJob[] {
  if (children.length > MOST_CHILDREN)
    throw new PermanentError('too_many_children', `A job makes at most ${MOST_CHILDREN} child jobs.`);
  // A parent that waits for nobody, or for one child twice, would never be counted down to zero.
  if (awaited && children.length === 0)
    throw new PermanentError('no_children', 'A job that waits needs at least one child job.');
  if (new Set(children.map((child) => child.key)).size < children.length)
    throw new PermanentError('child_key_repeated', 'Two child jobs of one attempt have the same key.');
  return children.map((child) => {
    const kind = deps.kinds.get(child.kind);
    if (!kind) throw new PermanentError('unknown_kind', `There is no job kind ${child.kind}.`);
    const salt = deps.random.hex(32);
    return newJob({
      jobId:
        child.jobId ?? derivedJobId(parent.createdAt, `${parent.jobId}#${parent.generation}#${child.key}`),
      entryId: deps.random.ulid(now),
      kind,
      payload: sealPayload(child.payload, salt),
      priority: child.priority ?? kind.defaultPriority,
      now,
      ...(child.acceptedAt !== undefined && { acceptedAt: child.acceptedAt }),
      dueAt: child.dueAt ?? now,
      ...(child.expiresAt !== undefined && { expiresAt: child.expiresAt }),
      ...userRefOf(child, parent),
      ...(child.counted && { counted: true }),
      actor: systemActor(parent.kind),
      correlationId: parent.correlationId,
      parent: { jobId: parent.jobId, childKey: child.key, awaited },
      details: { ...child.notes, request_hash: saltedHash(child.payload, salt) },
    });
  });
}

function userRefOf(child: ChildJob, parent: JobRow): { userRef?: string } {
  const userRef = child.userRef ?? parent.userRef;
  return userRef === undefined ? {} : { userRef };
}
