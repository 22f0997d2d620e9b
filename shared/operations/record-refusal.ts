import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Caller } from '../evidence/caller.ts';
import type { Engine } from './engine.ts';
import { type RequestContext, tokenOf } from './find-job.ts';

export interface Refusal extends RequestContext {
  /** The route's template, never the path that was sent. */
  readonly route: string;
  /** Name of the validation step that refused. */
  readonly step: string;
  readonly code: string;
  readonly status: number;
  /** Which checks failed, or what was lacking, in codes. */
  readonly reason?: string;
  /** Present once the token was verified. */
  readonly caller?: Caller;
  /** The patient named in the request, once the schema has accepted the id. */
  readonly userId?: string;
  /** The job that the request was about, whether it exists or not. */
  readonly jobId?: string;
}

/**
 * Leaves the audit entry of a refused request. After authentication each refusal has its own; before it anybody can
 * cause any number, so one entry stands for all of a minute with the same reason, and the metric counts them.
 */
export async function recordRefusal(
  deps: Pick<Engine, 'audit' | 'random'> & { readonly refs?: Engine['refs'] },
  refusal: Refusal,
): Promise<void> {
  const { caller, receivedAt, route, step, code, status, reason } = refusal;
  const known = caller !== undefined && deps.refs !== undefined;
  const minute = `${receivedAt.slice(0, 16)}:00.000Z`;
  const entry = standaloneEntry(
    {
      at: known ? receivedAt : minute,
      action: 'request.refused',
      outcome: 'refused',
      actor: known
        ? {
            ref: deps.refs.actor(caller.subject),
            role: caller.roles[0] ?? 'none',
            ...tokenOf({ refs: deps.refs }, caller),
            ...(caller.purpose !== undefined && { purpose: { code: caller.purpose, declared: true } }),
            ...(caller.onBehalfOf !== undefined && { onBehalfOf: deps.refs.user(caller.onBehalfOf) }),
            ...(caller.breakGlass !== undefined && { breakGlass: caller.breakGlass }),
          }
        : { ref: 'anonymous', role: 'none' },
      ...(known && refusal.userId !== undefined && { subjectRef: deps.refs.user(refusal.userId) }),
      // Without a position it stands beside that job's chain and not in it: nothing of the job has changed.
      ...(known && refusal.jobId !== undefined && { jobId: refusal.jobId }),
      correlationId: known ? refusal.correlationId : `gathered:${minute}`,
      details: { route, step, code, status, ...(known && reason !== undefined && { reason }) },
    },
    // The id follows from minute and reason, so that the second entry of a minute is the first one.
    known ? deps.random.ulid(receivedAt) : `refusal#${minute}#${route}#${step}#${code}`,
  );
  await deps.audit.put(entry);
}
