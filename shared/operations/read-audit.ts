import { ProblemError } from '../errors/problem-error.ts';
import { authorize, ROUTE_ACCESS } from '../evidence/access.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Caller } from '../evidence/caller.ts';
import { membersFor } from '../evidence/response-members.ts';
import type { Role } from '../lifecycle/role.ts';
import type { AuditAbout, AuditPage, AuditPages, AuditRange } from './audit-ports.ts';
import type { Engine } from './engine.ts';
import { actorOf, noteGrant, type RequestContext } from './find-job.ts';
import { recordRead } from './record-read.ts';

/** Whose entries an auditor asks for; `limit` is 1 … 100. */
export interface AuditQuestion {
  readonly about:
    | { readonly jobId: string }
    | { readonly userId: string }
    /** As entries carry it, or as rows do. */
    | { readonly actorRef: string }
    /** As tokens carry it. */
    | { readonly actorId: string };
  readonly range?: AuditRange;
  readonly limit: number;
  readonly cursor?: string;
}

export interface AuditFound extends AuditPage {
  readonly about: AuditAbout;
}

export type ReadAuditDeps = Pick<Engine, 'audit' | 'refs' | 'random' | 'pseudonymsOf'> & {
  readonly pages: AuditPages;
};

/** A job's entries are all shown: its life is short, and all of it is asked for. */
const ALWAYS: AuditRange = { from: '0', to: '9' };

/**
 * One page of the audit trail, oldest first, for auditors. Looking into the trail leaves its own entry, before anything
 * is shown.
 * @throws ProblemError `forbidden`, `not_found` when nothing is known of a job, `invalid_input`, `read_not_recorded`
 */
export async function readAudit(
  deps: ReadAuditDeps,
  caller: Caller,
  question: AuditQuestion,
  request: RequestContext,
): Promise<AuditFound> {
  const about = await aboutOf(deps, question.about);
  const role = roleOf(deps, caller, about, request);
  const page = await deps.pages.page(about, question.range ?? ALWAYS, question.limit, question.cursor);
  if (about.by === 'job' && page.entries.length + page.unreadable === 0 && question.cursor === undefined)
    throw new ProblemError('not_found', 'The audit trail knows no job of that id.');
  await recordRead(deps, readEntry(deps, { caller, role, about, page, question }, request));
  return { ...page, about };
}

/** People by every name under which the trail may know them. */
async function aboutOf(
  { refs, pseudonymsOf }: Pick<ReadAuditDeps, 'refs' | 'pseudonymsOf'>,
  about: AuditQuestion['about'],
): Promise<AuditAbout> {
  if ('jobId' in about) return { by: 'job', jobId: about.jobId };
  const isSubject = 'userId' in about;
  const ref = isSubject
    ? refs.user(about.userId)
    : 'actorRef' in about
      ? about.actorRef
      : refs.actor(about.actorId);
  const pseudonyms = (await pseudonymsOf(ref)).filter((one) => one !== ref);
  return { by: isSubject ? 'subject' : 'actor', ref, ...(pseudonyms.length > 0 && { pseudonyms }) };
}

const ROUTE_OF = { subject: 'getUserAudit', job: 'getJobAudit', actor: 'getActorAudit' } as const;

function roleOf(
  { refs }: Pick<Engine, 'refs'>,
  caller: Caller,
  about: AuditAbout,
  request: RequestContext,
): Role {
  const route = ROUTE_OF[about.by];
  const patient = about.by === 'subject' ? { userRef: about.ref, refOf: refs.user } : undefined;
  const verdict = authorize(ROUTE_ACCESS[route], caller, patient);
  if (!verdict.granted) throw new ProblemError('forbidden', 'None of your roles may read the audit trail.');
  noteGrant(request, verdict.role, membersFor(route, verdict.role));
  return verdict.role;
}

interface Seen {
  readonly caller: Caller;
  readonly role: Role;
  readonly about: AuditAbout;
  readonly page: AuditPage;
  readonly question: AuditQuestion;
}

function readEntry(
  deps: Pick<Engine, 'refs' | 'random'>,
  { caller, role, about, page, question }: Seen,
  { receivedAt, correlationId }: RequestContext,
) {
  const subjectRef =
    about.by === 'subject' ? about.ref : about.by === 'job' ? subjectIn(page.entries) : undefined;
  return standaloneEntry(
    {
      at: receivedAt,
      action: 'audit.read',
      outcome: 'success',
      actor: actorOf(deps, caller, role),
      ...(subjectRef !== undefined && { subjectRef }),
      ...(about.by === 'job' && { jobId: about.jobId }),
      correlationId,
      details: {
        by: about.by,
        ...(about.by === 'actor' && { actor_ref: about.ref }),
        count: page.entries.length,
        first_page: question.cursor === undefined,
      },
    },
    deps.random.ulid(receivedAt),
  );
}

const subjectIn = (entries: AuditPage['entries']): string | undefined =>
  entries.find(({ subjectRef }) => subjectRef !== undefined)?.subjectRef;
