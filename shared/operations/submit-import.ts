import { API_PREFIX, ROUTES } from '../contract/routes.ts';
import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import { type ComplianceCheck, recordedChecks } from '../evidence/compliance-checks.ts';
import { IMPORT_KIND } from '../jobs/intake/import-order.ts';
import { faultProblem } from '../jobs/intake/line-faults.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { aboutNobody } from './about-nobody.ts';
import { derivedClaim, repeatedAnswer } from './derived-claim.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';
import type { ImportFormat, RawLine } from './import-content.ts';
import { sharedJobId } from './intake.ts';
import { newJob } from './new-job.ts';
import { saltedHash, sealPayload } from './payload-envelope.ts';
import type { HasRoom, NewJob } from './ports.ts';
import { demandRoom } from './queue-room.ts';
import { queuedMessage, sendJobs } from './send-job.ts';
import { type SortedLine, sortLines, withoutErased } from './sort-lines.ts';
import { storeImportLines } from './store-import-lines.ts';

type ImportDeps = Pick<
  Engine,
  'store' | 'schedules' | 'records' | 'queue' | 'refs' | 'random' | 'metrics' | 'log' | 'kinds'
> & { readonly hasRoom: HasRoom };

/** At which an import runs, and all that it makes. */
const PRIORITY = 'LOW';

/** Who may submit: the payload's own list of roles. */
const ROLES = ['clinician', 'pharmacist', 'admin', 'service'] as const;
export type ImportRole = (typeof ROLES)[number];

/** A body that has been split into lines, by a caller who may import at all. */
export interface ImportRequest {
  readonly format: ImportFormat;
  readonly lines: readonly RawLine[];
  /** All of it: the same text by the same caller, under the same key or none, is the same import. */
  readonly content: string;
  readonly caller: Caller;
  readonly role: ImportRole;
  readonly idempotencyKey?: string;
  readonly checks: readonly ComplianceCheck[];
}

/** The role that lets a caller import. @throws ProblemError `forbidden` */
export function importRole(caller: Caller, context: RequestContext): ImportRole {
  const refusal = 'None of your roles may import schedules.';
  const granted = aboutNobody('submitImport', caller, context, refusal);
  const role = ROLES.find((one) => one === granted);
  if (role === undefined) throw new ProblemError('forbidden', refusal);
  return role;
}

/**
 * Takes many schedules at once. Each line is kept under its own user's key, then the import is accepted in one
 * transaction; what stands without it, after a request that died between, is found again by the next try or runs out.
 * The same body by the same caller is the same import; under an Idempotency-Key of its own it is another one, which judges
 * anew what no job was made of.
 * @throws ProblemError `invalid_input` when no line is left to carry out, `idempotency_key_reused`, `too_many_requests` when
 *   too many jobs wait where those of its lines would
 */
export async function submitImport(
  deps: ImportDeps,
  request: ImportRequest,
  context: RequestContext,
): Promise<JsonObject> {
  const { caller, format, content, idempotencyKey } = request;
  const body = [IMPORT_KIND, caller.subject, format, content];
  const fingerprint = sharedJobId(deps, body);
  const importId = idempotencyKey === undefined ? fingerprint : sharedJobId(deps, [...body, idempotencyKey]);
  const answer = answerOf(importId, request.lines.length);
  const { path } = ROUTES.submitImport;
  const { receivedAt } = context;
  const idempotency = derivedClaim(deps, {
    subject: caller.subject,
    path,
    idempotencyKey,
    fingerprint,
    answer,
    receivedAt,
  });
  const first = idempotency && (await deps.store.answered(idempotency.keyRef, receivedAt));
  if (first) return repeatedAnswer(first, fingerprint);
  if (await deps.store.read(importId)) return answer;
  await demandRoom(deps.hasRoom, PRIORITY);

  const read = demandAny(await sortLines(deps, request, receivedAt));
  const sorted = demandAny(withoutErased(read, await storeImportLines(deps, importId, read, receivedAt)));
  const job = jobOf(deps, request, context, importId, sorted);
  const accepted = await deps.store.accept(job, idempotency);
  if (!accepted.accepted) return 'taken' in accepted ? repeatedAnswer(accepted.taken, fingerprint) : answer;
  deps.log.info('job.accepted', { job_id: importId, kind: IMPORT_KIND, priority: job.row.priority });
  await sendJobs(deps, [queuedMessage(job.row, receivedAt)]);
  return answer;
}

function answerOf(importId: string, lines: number): JsonObject {
  const self = `${API_PREFIX}${ROUTES.submitImport.path}/${importId}`;
  return { import_id: importId, lines, links: { self } };
}

/** @throws ProblemError `invalid_input` when there is nothing to carry out */
function demandAny(sorted: readonly SortedLine[]): readonly SortedLine[] {
  if (sorted.some(({ content }) => content)) return sorted;
  const problems = sorted.flatMap(({ line: { line, fault } }) => {
    const problem = fault && faultProblem(fault);
    return problem ? [{ ...problem, pointer: `/${line}${problem.pointer}` }] : [];
  });
  throw new ProblemError('invalid_input', 'No line can be imported; the pointers begin with its number.', {
    problems,
  });
}

function jobOf(
  deps: Pick<Engine, 'refs' | 'random' | 'kinds'>,
  { caller, role, format, checks }: ImportRequest,
  { correlationId, receivedAt }: RequestContext,
  importId: string,
  sorted: readonly SortedLine[],
): NewJob {
  const kind = deps.kinds.get(IMPORT_KIND);
  if (!kind) throw new Error('There is no job kind for imports.');
  const actor = actorOf(deps, caller, role);
  const payload = { format, role, submitted_by: actor.ref, lines: sorted.map(({ line }) => line) };
  const salt = deps.random.hex(32);
  const foreign = payload.lines.filter(({ fault }) => fault?.code === 'not_in_your_care').length;
  return newJob({
    jobId: importId,
    entryId: deps.random.ulid(receivedAt),
    kind,
    payload: sealPayload(payload, salt),
    priority: kind.defaultPriority,
    now: receivedAt,
    dueAt: receivedAt,
    actor,
    correlationId,
    details: {
      lines: payload.lines.length,
      lines_not_in_care: foreign,
      request_hash: saltedHash(payload, salt),
      ...recordedChecks(checks),
    },
  });
}
