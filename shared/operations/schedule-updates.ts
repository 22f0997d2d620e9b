import { followedTimeZone } from '../clinical/index.ts';
import { API_PREFIX } from '../contract/routes.ts';
import type { JsonObject, Ref, UserBody } from '../jobs/ports.ts';
import { derivedJobId } from './derived-job-id.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { systemActor } from './job-change.ts';
import { newJob } from './new-job.ts';
import { saltedHash, sealPayload } from './payload-envelope.ts';
import type { NewJob } from './ports.ts';

export interface UserChange {
  readonly owner: Ref;
  readonly before: UserBody | undefined;
  readonly after: UserBody;
  /** Of the user's record after the change. */
  readonly version: number;
  readonly request: RequestContext;
}

/**
 * The job that has a user's schedules follow another zone; none when the zone that the user follows stays, or when nothing
 * was known of the user before: then there is no schedule yet.
 */
export function scheduleUpdates(
  deps: Pick<Engine, 'kinds' | 'random'>,
  { owner, before, after, version, request }: UserChange,
): readonly NewJob[] {
  const zone = followedTimeZone(after);
  if (!before || zone === undefined || zone === followedTimeZone(before)) return [];
  const kind = deps.kinds.get('schedule-update');
  if (!kind) throw new Error('There is no job kind schedule-update.');
  const now = request.receivedAt;
  const salt = deps.random.hex(32);
  const payload = { user_id: after.userId, reason: 'zone' };
  return [
    newJob({
      jobId: derivedJobId(now, `${owner}#schedule-update#${version}`),
      entryId: deps.random.ulid(now),
      kind,
      payload: sealPayload(payload, salt),
      priority: kind.defaultPriority,
      now,
      dueAt: now,
      userRef: owner,
      actor: systemActor('users-api'),
      correlationId: request.correlationId,
      details: { request_hash: saltedHash(payload, salt) },
    }),
  ];
}

/** Where the change of the schedules can be followed. */
export function pendingUpdate([job]: readonly NewJob[]): JsonObject {
  if (!job) return {};
  const { jobId, status } = job.row;
  return {
    updated_schedules: { job_id: jobId, status, links: { self: `${API_PREFIX}/jobs/${jobId}` } },
  };
}
