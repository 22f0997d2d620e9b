import { API_PREFIX } from '../contract/routes.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { authorize, jobAccess } from '../evidence/access.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import { membersFor, shownOf } from '../evidence/response-members.ts';
import type { JsonObject, PastResult, RecallQuery } from '../jobs/ports.ts';
import type { Role } from '../lifecycle/role.ts';
import { aboutNobody } from './about-nobody.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';
import { createPastChecks } from './past-checks.ts';
import { recordReads } from './record-read.ts';

/** `limit` is 1 … 100. */
export interface ResultsQuery extends Omit<RecallQuery, 'to'> {
  readonly to?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * Results of interaction checks by rule or data set, newest first, in ids, times and codes. An auditor is told where
 * they are; a pharmacist also how serious they were. What they say of a patient is read at their jobs, by those who may.
 * Each patient of whose results it tells has an audit entry before the answer.
 * @throws ProblemError `forbidden`, `invalid_input`, `read_not_recorded`
 */
export async function findInteractionResults(
  deps: Pick<Engine, 'recall' | 'refs' | 'store' | 'audit' | 'random'>,
  caller: Caller,
  query: ResultsQuery,
  request: RequestContext,
): Promise<JsonObject> {
  const refusal = 'None of your roles may look for results of interaction checks.';
  const role = aboutNobody('findInteractionResults', caller, request, refusal);
  demandSubject(query);
  const { limit, cursor, to = request.receivedAt, ...wanted } = query;
  const { results, next } = await createPastChecks(deps).page({ ...wanted, to }, limit, cursor);
  await recordReads(deps, searchEntries(deps, caller, { role, query, results }, request));
  const mayOpen = ({ userRef }: PastResult): boolean =>
    authorize(jobAccess('getJob', 'interaction-check'), caller, { userRef, refOf: deps.refs.user }).granted;
  const views = results.map((result) => viewOf(result, mayOpen(result)));
  const isNone = views.length === 0 && next === undefined && cursor === undefined;
  const found = {
    results: views,
    ...(next !== undefined && { next_cursor: next }),
    ...(isNone && { warnings: [NONE_FOUND] }),
  };
  return Object(shownOf(found, membersFor('findInteractionResults', role)));
}

interface Search {
  readonly role: Role;
  readonly query: ResultsQuery;
  readonly results: readonly PastResult[];
}

/** One entry for each patient of whose results rules, or more, are told; of a search that found none one without a patient. */
function searchEntries(
  deps: Pick<Engine, 'refs' | 'random'>,
  caller: Caller,
  { role, query: { rule, dataSet }, results }: Search,
  { receivedAt: at, correlationId }: RequestContext,
): readonly AuditEntry[] {
  const by = rule === undefined ? 'data_set' : dataSet === undefined ? 'rule' : 'rule data_set';
  const byPatient = Map.groupBy(results, ({ userRef }) => userRef);
  const found = byPatient.size === 0 ? [[undefined, []] as const] : [...byPatient];
  return found.map(([subjectRef, own]) =>
    standaloneEntry(
      {
        at,
        action: 'interaction_results.searched',
        outcome: 'success',
        actor: actorOf(deps, caller, role),
        ...(subjectRef !== undefined && { subjectRef }),
        correlationId,
        details: { by, results: own.length },
      },
      deps.random.ulid(at),
    ),
  );
}

/** Rules of earlier data sets are asked for, too, so an id that no rule of today has is no mistake by itself. */
const NONE_FOUND = {
  code: 'no_result',
  detail:
    'No result of that time carries this rule or data set. Use ids as findings and results carry them: is it misspelt?',
};

/** @throws ProblemError `invalid_input` when neither a rule nor a data set is named */
export function demandSubject({ rule, dataSet }: Pick<RecallQuery, 'rule' | 'dataSet'>): void {
  if (rule !== undefined || dataSet !== undefined) return;
  throw new ProblemError('invalid_input', 'Say which results are meant.', {
    problems: [{ pointer: '/rule', code: 'required', detail: 'Name a rule or a data_set, or both.' }],
  });
}

/** The link to a job stands only where the caller's claim lets them in: of all other patients it would lead to a 404. */
function viewOf({ jobId, endedAt, userRef, recall }: PastResult, mayOpenJob: boolean): JsonObject {
  const where = { job_id: jobId, ended_at: endedAt };
  if (!recall) return { ...where, content_gone: true };
  return {
    ...where,
    rules: recall.rules,
    data_set: recall.dataSet,
    user_ref: userRef,
    outcome: recall.outcome,
    level: recall.level,
    ...(mayOpenJob && { links: { job: `${API_PREFIX}/jobs/${jobId}` } }),
  };
}
