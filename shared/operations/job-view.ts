import { API_PREFIX } from '../contract/routes.ts';
import type { JobKind } from '../jobs/define-job-kind.ts';
import type { JsonObject, OutcomeRow } from '../jobs/ports.ts';
import type { AttemptRecord, JobRow } from '../lifecycle/job-row.ts';
import type { Role } from '../lifecycle/role.ts';
import { allows } from '../lifecycle/transitions.ts';
import type { JobStore } from './ports.ts';

/** Who looks at a job, and its kind. */
export interface Viewer {
  readonly role: Role;
  readonly kind: JobKind | undefined;
}

/** A job, and who sees it. */
export interface SeenJob {
  readonly row: JobRow;
  readonly viewer: Viewer;
}

/** Jobs as the API shows them to those who look at them, without payload and result. Opens all their summaries at once. */
export async function jobViews(
  store: Pick<JobStore, 'summaries'>,
  seen: readonly SeenJob[],
): Promise<JsonObject[]> {
  // A summary tells of the result, so it is opened only for those who may see the whole of it.
  const whole = seen.map(({ row, viewer }) => seesWhole(viewer, row));
  const summaries = await store.summaries(seen.filter((_, index) => whole[index]).map(({ row }) => row));
  return seen.map(({ row }, index) => jobView(row, whole[index] ? summaries.get(row.jobId) : undefined));
}

/** A job as the API shows it to who changed it, without payload, result and summary. */
export function jobView(row: JobRow, summary?: string): JsonObject {
  const self = `${API_PREFIX}/jobs/${row.jobId}`;
  return {
    job_id: row.jobId,
    kind: row.kind,
    status: row.status,
    priority: row.priority,
    generation: row.generation,
    created_at: row.createdAt,
    due_at: row.dueAt,
    ...(row.expiresAt !== undefined && { expires_at: row.expiresAt }),
    ...(row.status === 'retrying' &&
      row.nextAttemptAt !== undefined && { next_attempt_at: row.nextAttemptAt }),
    ...(row.endedAt !== undefined && { ended_at: row.endedAt }),
    ...(row.errorCode !== undefined && { error_code: row.errorCode }),
    ...(summary !== undefined && { summary }),
    attempt_count: row.attempt,
    attempt_limit: row.attemptLimit,
    attempts: row.attempts.map((attempt, index) => attemptView(died(attempt, index, row))),
    ...(row.parentId !== undefined && { parent_job_id: row.parentId }),
    ...(row.children !== undefined && { child_job_ids: row.children }),
    ...(row.openChildren !== undefined && { open_children: row.openChildren }),
    links: {
      self,
      ...(allows('cancel', row.status) && { cancel: `${self}/cancel` }),
      ...(allows('redrive', row.status) && { retry: `${self}/retry` }),
    },
  };
}

/** A job that ended, from its outcome row: what operators' lists show. */
export const outcomeView = (outcome: OutcomeRow): JsonObject => ({
  job_id: outcome.jobId,
  kind: outcome.kind,
  status: outcome.status,
  priority: outcome.priority,
  generation: outcome.generation,
  created_at: outcome.createdAt,
  due_at: outcome.dueAt,
  ended_at: outcome.endedAt,
  ...(outcome.errorCode !== undefined && { error_code: outcome.errorCode }),
  attempt_count: outcome.attempts,
  links: { self: `${API_PREFIX}/jobs/${outcome.jobId}` },
});

/** An attempt without an end that is not the last one died: its record is closed by the next change of the job. */
const died = (attempt: AttemptRecord, index: number, row: JobRow): AttemptRecord =>
  attempt.outcome === undefined && index < row.attempts.length - 1
    ? { ...attempt, outcome: 'died', errorCode: 'worker_died' }
    : attempt;

const attemptView = (attempt: AttemptRecord): JsonObject => ({
  attempt: attempt.attempt,
  generation: attempt.generation,
  started_at: attempt.startedAt,
  ...(attempt.endedAt !== undefined && { ended_at: attempt.endedAt }),
  outcome: attempt.outcome ?? 'running',
  ...(attempt.errorCode !== undefined && { error_code: attempt.errorCode }),
});

/**
 * The result as `role` may see it: operators, auditors and admins see none of a patient's, patients and caregivers see
 * what the kind shows to patients.
 */
export function resultView(viewer: Viewer, row: JobRow, result: JsonObject): JsonObject | undefined {
  if (seesWhole(viewer, row)) return result;
  return seesAsPatient(viewer.role) ? viewer.kind?.patientView?.(result) : undefined;
}

const seesAsPatient = (role: Role): boolean => role === 'patient' || role === 'caregiver';

function seesWhole({ role, kind }: Viewer, row: JobRow): boolean {
  if (row.userRef === undefined) return true;
  if (role === 'operator' || role === 'auditor' || role === 'admin') return false;
  return !seesAsPatient(role) || kind?.patientView === undefined;
}
