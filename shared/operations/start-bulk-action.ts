import { ProblemError } from '../errors/problem-error.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import { canonicalJson } from '../evidence/canonical-json.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { PRIORITY_NAMES } from '../lifecycle/priority.ts';
import { TRANSITIONS } from '../lifecycle/transitions.ts';
import { aboutNobody } from './about-nobody.ts';
import { bulkActionView, filterView } from './bulk-action-view.ts';
import type { BulkAction, JobFilter } from './bulk-ports.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';
import { sharedJobId } from './intake.ts';
import { watchesFor } from './job-filter.ts';
import type { OpenCount } from './pause-ports.ts';
import type { WatchClass } from './ports.ts';

/** What is asked for; the form has been looked at. */
export interface BulkRequest {
  readonly action: BulkAction['action'];
  readonly filter: JobFilter;
  readonly dryRun: boolean;
  readonly ratePerSecond: number;
  readonly confirm?: string;
  readonly idempotencyKey?: string;
}

type StartDeps = Pick<Engine, 'bulkActions' | 'openJobs' | 'refs' | 'random' | 'log'>;

/** Of each priority no more are counted: then there are "more". */
const MOST_COUNTED = 10_000;

const EVENTS = { retry: 'redrive', cancel: 'cancel' } as const;

/**
 * Counts the jobs that a filter names (a dry run), or has them all retried or cancelled: the reconciler does it from its
 * next round on, job by job, each with an audit entry of its own in the caller's name. What is made later, or fails again
 * later, is left alone. The same request under the same Idempotency-Key finds the first one.
 * @returns the answer, and the id of what stands now unless it was a dry run
 * @throws ProblemError `forbidden`, `invalid_input`, `confirmation_required`, `idempotency_key_reused`
 */
export async function startBulkAction(
  deps: StartDeps,
  caller: Caller,
  ask: BulkRequest,
  request: RequestContext,
): Promise<{ readonly body: JsonObject; readonly bulkActionId?: string }> {
  const role = aboutNobody('startBulkAction', caller, request, 'None of your roles may change many jobs.');
  demandSense(ask);
  const { action, filter, ratePerSecond, idempotencyKey } = ask;
  if (ask.dryRun) {
    const matched = await countMatches(deps, ask);
    return { body: { action, filter: filterView(filter), dry_run: true, matched: { ...matched } } };
  }
  if (action === 'cancel' && (filter.priority ?? 'CRITICAL') === 'CRITICAL' && ask.confirm !== 'CRITICAL')
    throw new ProblemError('confirmation_required', CRITICAL_WARNING);
  const now = request.receivedAt;
  const plan: BulkAction = {
    bulkActionId:
      idempotencyKey === undefined
        ? deps.random.ulid(now)
        : sharedJobId(deps, ['bulk-action', caller.subject, idempotencyKey]),
    fingerprint: deps.refs.fingerprint(canonicalJson({ action, filter: filterView(filter), ratePerSecond })),
    action,
    filter,
    ratePerSecond,
    actor: actorOf(deps, caller, role),
    correlationId: request.correlationId,
    createdAt: now,
    updatedAt: now,
    status: 'running',
    matched: await countMatches(deps, ask),
    changed: 0,
    refused: 0,
    revision: 1,
  };
  const first = await deps.bulkActions.start(plan, startEntry(deps, plan));
  if (first && first.fingerprint !== plan.fingerprint)
    throw new ProblemError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another bulk action; send a new key for a new request.',
    );
  if (!first) deps.log.warn('bulk_action.started', { reason: action, role, count: plan.matched.count });
  const stands = first ?? plan;
  return { body: bulkActionView(stands), bulkActionId: stands.bulkActionId };
}

const CRITICAL_WARNING =
  'Jobs of the priority CRITICAL may be among them: of a delivery that is cancelled no patient is told. Name another ' +
  'priority, or send "confirm": "CRITICAL" if that is what you want.';

/** The classes of the status index in which jobs stand that this can be done to. */
export const watchesOf = ({
  action,
  filter,
}: Pick<BulkAction, 'action' | 'filter'>): readonly WatchClass[] =>
  action === 'retry' ? ['failed'] : watchesFor(filter.status).filter((watch) => watch !== 'failed');

/** @throws ProblemError `invalid_input` when the filter cannot name any job that this can be done to */
function demandSense({ action, filter }: BulkRequest): void {
  const { status } = filter;
  const allowed = TRANSITIONS[EVENTS[action]].from;
  if (status === undefined || allowed.some((one) => one === status)) return;
  const detail = `To ${action} a job it has to be one of: ${allowed.join(', ')}.`;
  throw new ProblemError('invalid_input', 'No job of that status can be changed so.', {
    problems: [{ pointer: '/filter/status', code: 'invalid_value', detail }],
  });
}

async function countMatches(deps: StartDeps, { action, filter }: BulkRequest): Promise<OpenCount> {
  const { priority, ...rest } = filter;
  const priorities = priority === undefined ? PRIORITY_NAMES : [priority];
  const watches = watchesOf({ action, filter });
  const counts = await Promise.all(
    priorities.map((name) => deps.openJobs.count({ priority: name, watches, ...rest }, MOST_COUNTED)),
  );
  return {
    count: counts.reduce((sum, { count }) => sum + count, 0),
    more: counts.some(({ more }) => more),
  };
}

function startEntry(deps: Pick<Engine, 'random'>, plan: BulkAction): AuditEntry {
  const { kind, status, priority, errorCode, from, to } = plan.filter;
  return standaloneEntry(
    {
      at: plan.createdAt,
      action: 'bulk_action.started',
      outcome: 'success',
      actor: plan.actor,
      correlationId: plan.correlationId,
      details: {
        bulk_action_id: plan.bulkActionId,
        action: plan.action,
        matched: plan.matched.count,
        rate_per_second: plan.ratePerSecond,
        ...(kind !== undefined && { kind }),
        ...(status !== undefined && { status }),
        ...(priority !== undefined && { priority }),
        // Whose words a code is nobody knows: the trail tells that there was one.
        ...(errorCode !== undefined && { by_error_code: true }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      },
    },
    deps.random.ulid(plan.createdAt),
  );
}
