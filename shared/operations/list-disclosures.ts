import { groundOf, isAccess } from '../evidence/accounting.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { type Instant, instantOf, msOf } from '../lifecycle/instant.ts';
import { aboutPatient } from './about-patient.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { recordRead } from './record-read.ts';

/** How far back an accounting of disclosures reaches: 45 CFR 164.528(a)(1). */
const YEARS = 6;

export interface DisclosureQuery {
  /** Six years before the request unless given; what lies further back is not listed. */
  readonly from?: Instant;
  /** The time of the request unless given. */
  readonly to?: Instant;
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * Who saw or changed what is known of a patient, when and what for, newest first: every access by a person or an
 * application, each with the ground on which the law leaves it out of an accounting, if there is one. The audit trail knows
 * the patient by pseudonyms only, so this goes on after an erasure.
 * @throws ProblemError `forbidden`, `invalid_input` (a cursor that is not one of ours), `read_not_recorded`
 */
export async function listDisclosures(
  deps: Pick<Engine, 'pseudonymsOf' | 'subjectTrail' | 'records' | 'audit' | 'refs' | 'random'>,
  caller: Caller,
  { userId, query }: { readonly userId: string; readonly query: DisclosureQuery },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, entry } = await aboutPatient(deps, 'listDisclosures', caller, userId, request);
  const earliest = yearsBefore(request.receivedAt, YEARS);
  const from = query.from === undefined || query.from < earliest ? earliest : query.from;
  const to = query.to ?? request.receivedAt;
  const names = await deps.pseudonymsOf(owner);
  const page = await deps.subjectTrail.page(names, { from, to }, isAccess, query.limit, query.cursor);
  await recordRead(deps, entry('disclosures.read', { count: page.entries.length }));
  return {
    user_id: userId,
    from,
    to,
    disclosures: page.entries.map(disclosureView),
    ...(page.next !== undefined && { next_cursor: page.next }),
  };
}

function disclosureView(entry: AuditEntry): JsonObject {
  const { actor } = entry;
  const ground = groundOf(actor);
  return {
    at: entry.at,
    action: entry.action,
    recipient: {
      ref: actor.ref,
      role: actor.role,
      ...(actor.onBehalfOf !== undefined && { on_behalf_of_ref: actor.onBehalfOf }),
    },
    purpose: actor.purpose ? { code: actor.purpose.code, declared: actor.purpose.declared } : null,
    in_accounting: ground === 'none',
    ...(ground !== 'none' && { left_out_because: ground }),
    ...(entry.jobId !== undefined && { job_id: entry.jobId }),
    entry_id: entry.entryId,
  };
}

function yearsBefore(instant: Instant, years: number): Instant {
  const date = new Date(msOf(instant));
  date.setUTCFullYear(date.getUTCFullYear() - years);
  return instantOf(date.getTime());
}
