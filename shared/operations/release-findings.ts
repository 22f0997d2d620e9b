import { ProblemError } from '../errors/problem-error.ts';
import type { AuditAction } from '../evidence/audit-actions.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject, Release } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Role } from '../lifecycle/role.ts';
import type { ReleaseBody } from './bodies/release.ts';
import type { Engine } from './engine.ts';
import { actorOf, findJob, type RequestContext } from './find-job.ts';
import { releaseView } from './job-view.ts';
import { recordRead } from './record-read.ts';

type ReleaseDeps = Pick<
  Engine,
  'store' | 'releases' | 'records' | 'refs' | 'kinds' | 'settings' | 'random' | 'audit'
>;

/** How often a release is tried again when another one comes between. */
const TRIES = 3;

/**
 * Lets the patient see findings of a check, with a note: a professional's own act, in the audit trail. It names what is
 * released, replaces what was released before, and changes nothing when the very same stands already: that is recorded as a
 * read of the job.
 * @throws ProblemError `not_found`, `release_not_enabled`, `state_conflict` (nothing there to be released), `invalid_input`,
 *   `read_not_recorded`
 */
export async function releaseFindings(
  deps: ReleaseDeps,
  caller: Caller,
  jobId: string,
  body: ReleaseBody,
  request: RequestContext,
): Promise<JsonObject> {
  const { row, role } = await findJob(deps, 'releaseFindings', caller, jobId, request);
  if (deps.settings.patientRelease !== true)
    throw new ProblemError(
      'release_not_enabled',
      'This deployment releases no findings to patients; whoever runs it can allow it.',
    );
  const known = await releasableOf(deps, row);
  const findings = chosen(body, known);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = await deps.releases.read(row);
    if (before && isSame(before, findings, body.note)) {
      await recordRead(deps, entryOf(deps, { caller, role, row, request }, 'job.read', { repeated: true }));
      return viewOf(row, before);
    }
    const after: Release = {
      revision: (before?.revision ?? 0) + 1,
      releasedAt: request.receivedAt,
      role,
      findings,
      ...(body.note !== undefined && { note: body.note }),
    };
    const entry = entryOf(deps, { caller, role, row, request }, 'findings.released', countsOf(after, known));
    if (await deps.releases.put(row, before, after, entry)) return viewOf(row, after);
  }
  throw new ProblemError('state_conflict', 'Others are releasing findings of it right now; try again.');
}

/** Ids of what the result holds. @throws ProblemError `state_conflict` */
async function releasableOf(deps: ReleaseDeps, row: JobRow): Promise<readonly string[]> {
  const release = deps.kinds.get(row.kind)?.release;
  if (!release)
    throw new ProblemError('state_conflict', 'Only findings of an interaction check can be released.');
  const result = row.status === 'succeeded' ? await deps.store.result(row) : undefined;
  if (!result)
    throw new ProblemError('state_conflict', 'Only a check that has succeeded has findings to be released.');
  const ids = release.ids(result);
  // Telling a patient that nothing was found would be a reassurance, and that is never automatic.
  if (ids.length === 0)
    throw new ProblemError('state_conflict', 'The result lists no finding that could be released.');
  return ids;
}

/** In the order of the result. @throws ProblemError `invalid_input` with a problem for each id that is none */
function chosen({ findings }: ReleaseBody, known: readonly string[]): readonly string[] {
  if (!Array.isArray(findings)) return known;
  const problems = findings.flatMap((id, index) =>
    known.includes(id)
      ? []
      : [
          {
            pointer: `/findings/${index}`,
            code: 'unknown_finding',
            detail: 'Use the id of a finding that the result lists.',
          },
        ],
  );
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'Some of these are no findings of this check; see problems.', {
      problems,
    });
  return known.filter((id) => findings.includes(id));
}

const isSame = (before: Release, findings: readonly string[], note: string | undefined): boolean =>
  before.note === note && JSON.stringify(before.findings) === JSON.stringify(findings);

/** Counts only: ids of findings name drugs. */
const countsOf = ({ revision, findings, note }: Release, known: readonly string[]) => ({
  revision,
  findings: findings.length,
  of_findings: known.length,
  with_note: note !== undefined,
});

function entryOf(
  deps: Pick<Engine, 'refs' | 'random'>,
  of: {
    readonly caller: Caller;
    readonly role: Role;
    readonly row: JobRow;
    readonly request: RequestContext;
  },
  action: AuditAction,
  details: AuditEntry['details'],
): AuditEntry {
  const { row, request } = of;
  return standaloneEntry(
    {
      at: request.receivedAt,
      action,
      outcome: 'success',
      actor: actorOf(deps, of.caller, of.role),
      ...(row.userRef !== undefined && { subjectRef: row.userRef }),
      jobId: row.jobId,
      correlationId: request.correlationId,
      details,
    },
    deps.random.ulid(request.receivedAt),
  );
}

const viewOf = (row: JobRow, release: Release): JsonObject => ({
  job_id: row.jobId,
  release: releaseView(release),
});
