import { API_PREFIX, ROUTES } from '../contract/routes.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { type AccessRule, authorize, ROUTE_ACCESS } from '../evidence/access.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Caller } from '../evidence/caller.ts';
import { membersFor } from '../evidence/response-members.ts';
import { IMPORT_KIND } from '../jobs/intake/import-order.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Role } from '../lifecycle/role.ts';
import type { Status } from '../lifecycle/transitions.ts';
import type { Engine } from './engine.ts';
import { actorOf, madeAs, noteGrant, type RequestContext } from './find-job.ts';
import { decodeImportCursor, encodeImportCursor } from './import-cursor.ts';
import { readImportTree } from './import-tree.ts';
import { linesInReport } from './lines-in-report.ts';
import { recordRead } from './record-read.ts';

type GetImportDeps = Pick<Engine, 'store' | 'refs' | 'audit' | 'random'>;

/** `limit` is 1 … 100. */
export interface ImportQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * How far an import is, and what became of each line: one page in the order of the lines. No value that was sent is in
 * it. Those who may import see their own; operators and admins see all. The audit entry is written before the answer.
 * @throws ProblemError `not_found`, `invalid_input` (a cursor that is not one of ours), `read_not_recorded`
 */
export async function getImport(
  deps: GetImportDeps,
  caller: Caller,
  importId: string,
  query: ImportQuery,
  request: RequestContext,
): Promise<JsonObject> {
  const { row, role } = await findImport(deps, caller, importId, request);
  const start = query.cursor === undefined ? 0 : decodeImportCursor(query.cursor);
  const tree = await readImportTree(deps, row);
  const { total } = tree;
  const end = Math.min(start + query.limit, total);
  const report = await linesInReport(deps.store, tree, { start, end });
  await recordRead(
    deps,
    standaloneEntry(
      {
        at: request.receivedAt,
        action: 'import.read',
        outcome: 'success',
        actor: actorOf(deps, caller, role),
        jobId: row.jobId,
        correlationId: request.correlationId,
        details: { status: row.status, lines: report.length },
      },
      deps.random.ulid(request.receivedAt),
    ),
  );
  return {
    import_id: row.jobId,
    status: STATES[row.status],
    format: tree.format,
    created_at: row.createdAt,
    ...(row.endedAt !== undefined && { ended_at: row.endedAt }),
    lines: tree.progress,
    report,
    ...(end < total && { next_cursor: encodeImportCursor(end) }),
    links: { self: `${API_PREFIX}${ROUTES.submitImport.path}/${row.jobId}` },
  };
}

const STATES = {
  scheduled: 'in_progress',
  queued: 'in_progress',
  running: 'in_progress',
  retrying: 'in_progress',
  waiting: 'in_progress',
  succeeded: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'failed',
  superseded: 'failed',
} as const satisfies Record<Status, string>;

/**
 * What is foreign and what does not exist are answered alike.
 * @throws ProblemError `forbidden` for roles that see no import, `not_found`
 */
async function findImport(
  deps: GetImportDeps,
  caller: Caller,
  importId: string,
  request: RequestContext,
): Promise<{ row: JobRow; role: Role }> {
  const { ofNobody, ofMaker }: AccessRule = ROUTE_ACCESS.getImport;
  if (!caller.roles.some((role) => ofNobody.includes(role) || ofMaker?.includes(role)))
    throw new ProblemError('forbidden', 'None of your roles may look at imports.');
  const row = await deps.store.read(importId);
  const verdict =
    row?.kind === IMPORT_KIND
      ? authorize(ROUTE_ACCESS.getImport, caller, undefined, madeAs(deps, caller, row))
      : undefined;
  if (!row || !verdict?.granted)
    throw new ProblemError('not_found', 'No import of that id is visible to you.');
  noteGrant(request, verdict.role, membersFor('getImport', verdict.role));
  return { row, role: verdict.role };
}
