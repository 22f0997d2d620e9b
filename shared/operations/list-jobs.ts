import { ProblemError } from '../errors/problem-error.ts';
import { ROUTE_ACCESS, type StoredConsents } from '../evidence/access.ts';
import type { Caller } from '../evidence/caller.ts';
import { membersFor } from '../evidence/response-members.ts';
import type { JsonObject, OutcomeRow, Ref } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { PRIORITY_NAMES } from '../lifecycle/priority.ts';
import type { Role } from '../lifecycle/role.ts';
import { isTerminal } from '../lifecycle/transitions.ts';
import type { BreakGlassGrant } from './break-glass-ports.ts';
import type { JobFilter } from './bulk-ports.ts';
import { grantsToList } from './emergency-access.ts';
import type { Engine } from './engine.ts';
import { noteGrant, type RequestContext, roleFor } from './find-job.ts';
import { madeWithin, matches, watchesFor } from './job-filter.ts';
import { jobViews, outcomeViews, type SeenJob, type Viewer } from './job-view.ts';
import { jobsOfUsers, MOST_PAGES } from './jobs-of-users.ts';
import { decodeCursor, encodeCursor, type ListCursor, listOf } from './list-cursor.ts';
import { listingEntries, listingRole, type Shown } from './listing-entry.ts';
import { recordReads } from './record-read.ts';
import { storedConsents } from './stored-consents.ts';

/** `limit` is 1 … 100. */
export interface ListQuery extends JobFilter {
  readonly limit: number;
  readonly cursor?: string;
}

interface StaffQuery extends ListQuery {
  readonly aboutNobody: boolean;
}

type ListDeps = Pick<Engine, 'store' | 'records' | 'emergencyGrants' | 'refs' | 'kinds' | 'audit' | 'random'>;

/** Who lists, with what those cared for have consented to, and emergency access to others. */
interface Lister {
  readonly caller: Caller;
  readonly stored: StoredConsents;
  /** The patients whose jobs are looked through: each role brings those that it may stand to. */
  readonly users: readonly Ref[];
  readonly grants: readonly BreakGlassGrant[];
}

const DEFAULT_ENDED_HOURS = 24;

/**
 * Own jobs, those of the people cared for, or, for staff, all: unfinished and failed ones first, then ended ones of
 * the last 24 hours, latest hour first. `from` … `to` is when a job was made; for ended ones of staff, when it ended.
 * What cannot be read is counted and holds up nothing. Each patient of whom it tells has an audit entry before the answer. In
 * an emergency the list also covers those to whom the caller has emergency access.
 * @throws ProblemError `forbidden`, `invalid_input` (a cursor that is not one of ours), `read_not_recorded`
 */
export async function listJobs(
  deps: ListDeps,
  caller: Caller,
  query: ListQuery,
  request: RequestContext,
): Promise<JsonObject> {
  const rule = ROUTE_ACCESS.listJobs.ofPatient;
  const everybody = caller.roles.some((role) => relationshipOf(rule, role) === 'any');
  const own = caller.roles.some((role) => relationshipOf(rule, role) !== undefined);
  // Roles that see only what is about no patient: roll-ups and backups.
  const nobody = !own && caller.roles.some((role) => ROUTE_ACCESS.listJobs.ofNobody.some((r) => r === role));
  if (!everybody && !own && !nobody) throw new ProblemError('forbidden', 'None of your roles lists jobs.');
  noteGrant(request, listingRole(caller), membersFor('listJobs', listingRole(caller)));
  const isStaff = everybody || nobody;
  const of = listOf(deps.refs, query, everybody ? 'all' : nobody ? 'nobody' : deps.refs.user(caller.subject));
  const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, of);
  const users = isStaff ? [] : await patientsOf(deps, caller);
  const owners = isStaff ? caller.careFor.map(deps.refs.user) : users;
  const stored = await storedConsents(deps, ROUTE_ACCESS.listJobs, caller, owners, request.receivedAt);
  const grants = await grantsToList(deps, ROUTE_ACCESS.listJobs, caller, users, request.receivedAt);
  const lister = { caller, stored, users, grants };
  const page = isStaff
    ? await listAll(deps, lister, { ...query, aboutNobody: !everybody }, request.receivedAt, cursor)
    : await listOwn(deps, lister, query, request.receivedAt, cursor);
  const seenAs = (row: OutcomeRow) => viewerOf(deps, lister, row);
  const ended = await outcomeViews(deps.store, page.ended ?? [], seenAs);
  const jobs = [...(await jobViews(deps.store, page.seen)), ...ended];
  const shown = [...page.seen, ...shownOf(page.ended ?? [], seenAs)];
  const list = { shown, asked: users, first: cursor === undefined };
  await recordReads(deps, listingEntries(deps, lister, list, request));
  return {
    jobs,
    ...(page.unreadable > 0 && { unreadable_jobs: page.unreadable }),
    ...(page.next && { next_cursor: encodeCursor(page.next, of) }),
  };
}

/** `ended` come after those whose rows are `seen`. */
interface Page {
  readonly seen: readonly SeenJob[];
  readonly ended?: readonly OutcomeRow[];
  /** Rows that stand where these were found and cannot be read: whose they are nobody can tell. */
  readonly unreadable: number;
  readonly next?: ListCursor;
}

const shownOf = (ended: readonly OutcomeRow[], seenAs: (row: OutcomeRow) => Viewer | undefined): Shown[] =>
  ended.flatMap((row) => {
    const viewer = seenAs(row);
    return viewer ? [{ row, viewer }] : [];
  });

const relationshipOf = (rule: { readonly [R in Role]?: string }, role: Role): string | undefined =>
  rule[role];

/** Of those who have given a grant no more are looked through. */
const MOST_PATIENTS = 200;

/** By the token, then by grants that were ever given; what holds of them now is asked of each. */
async function patientsOf(deps: ListDeps, caller: Caller): Promise<readonly Ref[]> {
  const relationships = new Set(
    caller.roles.map((role) => relationshipOf(ROUTE_ACCESS.listJobs.ofPatient, role)),
  );
  const self = deps.refs.user(caller.subject);
  const own = relationships.has('self') ? [self] : [];
  if (!relationships.has('cares_for')) return own;
  const given = await deps.records.patientsOf(self, MOST_PATIENTS);
  return [...new Set([...own, ...caller.careFor.map(deps.refs.user), ...given])];
}

/** The job with the role that grants it, or nothing when none does. */
function seenBy(deps: ListDeps, lister: Lister, row: JobRow): SeenJob[] {
  const viewer = viewerOf(deps, lister, row);
  return viewer ? [{ row, viewer }] : [];
}

function viewerOf(
  deps: ListDeps,
  { caller, stored, grants }: Lister,
  row: Pick<JobRow, 'userRef' | 'kind'>,
): Viewer | undefined {
  const role =
    roleFor(deps, 'listJobs', caller, row, stored) ??
    grants.find(({ userRef }) => userRef === row.userRef)?.role;
  return role && { role, kind: deps.kinds.get(row.kind) };
}

const listOwn = (
  deps: ListDeps,
  lister: Lister,
  query: ListQuery,
  now: Instant,
  cursor: ListCursor | undefined,
): Promise<Page> => {
  const users = [...lister.users, ...lister.grants.map(({ userRef }) => userRef)];
  const search = { ...query, users, seenBy: (row: JobRow) => seenBy(deps, lister, row) };
  return jobsOfUsers(deps, search, now, cursor);
};

async function listAll(
  deps: ListDeps,
  lister: Lister,
  query: StaffQuery,
  now: Instant,
  cursor: ListCursor | undefined,
): Promise<Page> {
  const watches = watchesFor(query.status);
  const priorities = query.priority === undefined ? PRIORITY_NAMES : [query.priority];
  const wantsEnded = query.status === undefined || isTerminal(query.status);
  const to = query.to ?? now;
  const range = { from: query.from ?? addSeconds(to, -DEFAULT_ENDED_HOURS * 3600), to };
  const seen: SeenJob[] = [];
  const ended: OutcomeRow[] = [];
  let unreadable = 0;
  let phase: 'open' | 'ended' = cursor?.phase === 'ended' || watches.length === 0 ? 'ended' : 'open';
  let after = cursor?.after;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const room = query.limit - seen.length - ended.length;
    if (room <= 0) break;
    if (phase === 'open') {
      const page = await deps.store.listOpen({ watches, priorities }, room, after);
      unreadable += page.unreadable ?? 0;
      const open = page.rows.filter((row) => fits(query, row) && madeWithin(query, row));
      seen.push(...open.flatMap((row) => seenBy(deps, lister, row)));
      after = page.next;
      if (after === undefined) {
        if (!wantsEnded) return { seen, ended, unreadable };
        phase = 'ended';
      }
    } else {
      if (!wantsEnded) return { seen, ended, unreadable };
      const page = await deps.store.listEnded(range, room, after);
      // A failed job stands in the status index until it is retried or expires: it was listed there.
      ended.push(...page.rows.filter((row) => row.status !== 'failed' && fits(query, row)));
      after = page.next;
      if (after === undefined) return { seen, ended, unreadable };
    }
  }
  return { seen, ended, unreadable, next: { phase, ...(after !== undefined && { after }) } };
}

const fits = (
  query: StaffQuery,
  row: Parameters<typeof matches>[1] & { readonly userRef?: string },
): boolean => (!query.aboutNobody || row.userRef === undefined) && matches(query, row);
