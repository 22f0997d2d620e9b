import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { JsonObject } from '../jobs/ports.ts';

/** An entry as the API shows it: all of it, so that its hash can be computed again. */
export const auditEntryView = (entry: AuditEntry): JsonObject => ({
  entry_id: entry.entryId,
  at: entry.at,
  action: entry.action,
  outcome: entry.outcome,
  actor: actorView(entry),
  ...(entry.subjectRef !== undefined && { user_ref: entry.subjectRef }),
  ...(entry.jobId !== undefined && { job_id: entry.jobId }),
  correlation_id: entry.correlationId,
  details: entry.details,
  ...(entry.seq !== undefined && { sequence: entry.seq }),
  ...(entry.prevHash !== undefined && { previous_hash: entry.prevHash }),
  hash: entry.hash,
});

const actorView = ({ actor }: AuditEntry): JsonObject => ({
  ref: actor.ref,
  role: actor.role,
  ...(actor.tokenId !== undefined && { token_id: actor.tokenId }),
  ...(actor.purpose && { purpose: { code: actor.purpose.code, declared: actor.purpose.declared } }),
  ...(actor.onBehalfOf !== undefined && { on_behalf_of: actor.onBehalfOf }),
  ...(actor.breakGlass !== undefined && { break_glass: actor.breakGlass }),
});
