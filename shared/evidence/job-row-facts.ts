import { TERMINAL_STATUSES } from '../lifecycle/transitions.ts';
import type { ChainHead } from './audit-chain.ts';
import type { AuditEntry } from './audit-entry.ts';

/** What a job's row says that its chain says as well. */
export interface JobRowFacts extends ChainHead {
  readonly kind: string;
  readonly status: string;
}

/**
 * Whether the row says another kind, or another end, than the entries. Between its beginning and its end a job's state also
 * changes without an entry, when it is claimed.
 * @param entries the whole chain
 */
export function rowDiffers(entries: readonly AuditEntry[], { kind, status }: JobRowFacts): boolean {
  const to = entries.findLast(({ details }) => details['to'] !== undefined)?.details['to'];
  const hasEnded = TERMINAL_STATUSES.some((terminal) => terminal === to || terminal === status);
  return entries[0]?.details['kind'] !== kind || (hasEnded && status !== to);
}
