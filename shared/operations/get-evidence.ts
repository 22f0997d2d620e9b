import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Caller } from '../evidence/caller.ts';
import { recalledChecks, relationshipEvidence } from '../evidence/compliance-checks.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { Engine } from './engine.ts';
import { actorOf, findJob, type RequestContext } from './find-job.ts';
import { recordRead } from './record-read.ts';

/**
 * The checks that were made before a job was accepted, as its first audit entry tells them. A job that another one
 * ordered, or that the service made by itself, passed none of its own: then there are none, and the order is named.
 * @throws ProblemError `not_found`, `read_not_recorded`
 */
export async function getEvidence(
  deps: Pick<Engine, 'store' | 'records' | 'refs' | 'audit' | 'random'>,
  caller: Caller,
  jobId: string,
  request: RequestContext,
): Promise<JsonObject> {
  const { row, role, caller: seenBy } = await findJob(deps, 'getEvidence', caller, jobId, request);
  const accepted = await deps.audit.entry(jobId, 1);
  if (!accepted) throw new Error('A job has no first audit entry.');
  const { checks = '', policy_version } = accepted.details;
  const made = recalledChecks(String(checks));
  await recordRead(
    deps,
    standaloneEntry(
      {
        at: request.receivedAt,
        action: 'evidence.read',
        outcome: 'success',
        actor: actorOf(deps, seenBy, role),
        ...(row.userRef !== undefined && { subjectRef: row.userRef }),
        jobId,
        correlationId: request.correlationId,
        details: { kind: row.kind, checks: made.length },
      },
      deps.random.ulid(request.receivedAt),
    ),
  );
  return {
    job_id: jobId,
    kind: row.kind,
    accepted_at: accepted.at,
    accepted_as: accepted.actor.role,
    ...(policy_version !== undefined && { policy_version }),
    ...(row.parentId !== undefined && { parent_job_id: row.parentId }),
    checks: made.map((check) => ({
      ...check,
      ...(check.name === 'relationship' &&
        check.evidence !== undefined && { evidence: relationshipEvidence(accepted.actor) }),
      at: accepted.at,
    })),
  };
}
