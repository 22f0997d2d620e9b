import { API_PREFIX } from '../contract/routes.ts';
import { jobMembers, shownOf } from '../evidence/response-members.ts';
import { MEMBERS_OF_SIGHT, type Sight, sightOf } from '../evidence/result-sight.ts';
import type { JobKind } from '../jobs/define-job-kind.ts';
import type { JsonObject, OutcomeRow, Release } from '../jobs/ports.ts';
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
  // A summary tells of the result, so it is opened only for those who are told of it.
  const whole = seen.map(({ row, viewer }) => seesMember(viewer, row, 'summary'));
  const summaries = await store.summaries(seen.filter((_, index) => whole[index]).map(({ row }) => row));
  return seen.map(({ row, viewer }, index) =>
    shownIn(viewer, row, jobView(row, whole[index] ? told(viewer, summaries.get(row.jobId)) : undefined)),
  );
}

/** What the viewer is shown of the job, by the access table. */
const shownIn = (
  { role, kind }: Viewer,
  { userRef }: Pick<JobRow, 'userRef'>,
  view: JsonObject,
): JsonObject => Object(shownOf(view, jobMembers('listJobs', role, userRef !== undefined, kind)));

/** What a summary tells of a result: the line itself, and the outcome where its kind has one. */
interface Told {
  readonly summary: string;
  readonly outcome?: string;
}

function told({ kind }: Viewer, summary: string | undefined): Told | undefined {
  if (summary === undefined) return undefined;
  const outcome = kind?.outcomeIn?.(summary);
  return { summary, ...(outcome !== undefined && { outcome }) };
}

/** A job as the API shows it to who changed it, without payload, result and summary. */
export function jobView(row: JobRow, said?: Told): JsonObject {
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
    ...(row.nextAttemptAt !== undefined && { next_attempt_at: row.nextAttemptAt }),
    ...(row.leaseUntil !== undefined && { lease_until: row.leaseUntil }),
    ...(row.endedAt !== undefined && { ended_at: row.endedAt }),
    ...(row.errorCode !== undefined && { error_code: row.errorCode }),
    ...said,
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

/**
 * Jobs that ended, from their outcome rows: what lists of staff show. Rows are read only where somebody sees the whole of
 * a result whose kind has an outcome; there it is shown.
 * @param viewerOf who looks at such a job; nothing when nobody may
 */
export async function outcomeViews(
  store: Pick<JobStore, 'readMany' | 'summaries'>,
  outcomes: readonly OutcomeRow[],
  viewerOf: (outcome: OutcomeRow) => Viewer | undefined,
): Promise<JsonObject[]> {
  const viewers = outcomes.map(viewerOf);
  const wanted = outcomes.filter((outcome, index) => {
    const viewer = viewers[index];
    const shows = outcome.status === 'succeeded' && viewer?.kind?.outcomeIn !== undefined;
    return shows && seesMember(viewer, outcome, 'summary');
  });
  const summaries = wanted.length > 0 ? await summariesOf(store, wanted) : new Map<string, string>();
  return outcomes.flatMap((outcome, index) => {
    const viewer = viewers[index];
    if (!viewer) return [];
    return [
      shownIn(viewer, outcome, { ...outcomeView(outcome), ...told(viewer, summaries.get(outcome.jobId)) }),
    ];
  });
}

async function summariesOf(
  store: Pick<JobStore, 'readMany' | 'summaries'>,
  outcomes: readonly OutcomeRow[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await store.readMany(outcomes.map(({ jobId }) => jobId));
  return store.summaries(rows.flatMap((row) => row ?? []));
}

const outcomeView = (outcome: OutcomeRow): JsonObject => ({
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

/** The result as far as the table of sights lets the viewer see it. */
export function resultView(
  viewer: Viewer,
  row: JobRow,
  result: JsonObject,
  release?: Release,
): JsonObject | undefined {
  const { kind } = viewer;
  const sight = sightAt(viewer, row);
  if (sight === 'whole') return result;
  if (sight === 'as_analyst') return kind?.analystView?.(result);
  if (sight === 'none') return undefined;
  return release && kind?.release ? kind.release.view(result, release) : kind?.patientView?.(result);
}

/** A release as professionals see it beside the result. */
export const releaseView = ({ revision, releasedAt, role, findings, note }: Release): JsonObject => ({
  revision,
  released_at: releasedAt,
  released_by: role,
  findings,
  ...(note !== undefined && { note }),
});

const sightAt = ({ role, kind }: Viewer, row: Pick<JobRow, 'userRef'>): Sight =>
  sightOf(role, row.userRef !== undefined, kind);

/** Whether the viewer is told this of the job beside its status. */
export const seesMember = (
  viewer: Viewer,
  row: Pick<JobRow, 'userRef'>,
  member: (typeof MEMBERS_OF_SIGHT)['whole'][number],
): boolean => MEMBERS_OF_SIGHT[sightAt(viewer, row)].some((one) => one === member);
