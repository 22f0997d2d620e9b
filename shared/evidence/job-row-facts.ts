import { createHash } from 'node:crypto';
import type { JobRow } from '../lifecycle/job-row.ts';
import { TERMINAL_STATUSES } from '../lifecycle/transitions.ts';
import type { ChainHead } from './audit-chain.ts';
import type { AuditEntry } from './audit-entry.ts';
import { canonicalJson } from './canonical-json.ts';

/**
 * What a row is accepted with and nothing changes any more: whose it is, what, when, by whom, and as a part of what. The hash
 * in the trail is over these: another list takes another name of the detail.
 */
export const FIXED_MEMBERS = [
  'jobId',
  'kind',
  'priority',
  'createdAt',
  'dueAt',
  'expiresAt',
  'attemptLimit',
  'userRef',
  'actorRef',
  'actorRole',
  'correlationId',
  'parentId',
  'childKey',
  'awaited',
] as const satisfies readonly (keyof JobRow)[];

export type FixedFacts = Pick<JobRow, (typeof FIXED_MEMBERS)[number]>;

/** What a job's row says that its chain says as well, or holds by a hash. */
export interface JobRowFacts extends FixedFacts, ChainHead {
  readonly status: string;
  readonly rowSalt?: string;
  /** The index by patient leads to it from somewhere else than its members say, or not at all. */
  readonly misplaced?: boolean;
}

/**
 * The salt of the row's hash, 16 bytes as hex. It stands in the row and goes with it: from then on nobody who has the keyed hashes of
 * all patients can try whose an entry is. @param payloadSalt 32 random bytes, hex, sealed with the payload
 */
export const rowSaltOf = (payloadSalt: string): string =>
  createHash('sha256').update(`row#${payloadSalt}`).digest('hex').slice(0, 32);

/** SHA-256 (hex) over the salt and the canonical JSON of what of the row is fixed; absent members are left out. */
export function rowHash(row: FixedFacts, rowSalt: string): string {
  const fixed = FIXED_MEMBERS.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]]));
  return createHash('sha256')
    .update(rowSalt)
    .update(canonicalJson(Object.fromEntries(fixed)))
    .digest('hex');
}

/**
 * Whether the row says something else than the entries: what it was accepted with, or another end. Between its beginning and
 * its end a job's state also changes without an entry, when it is claimed.
 * @param entries the whole chain
 */
export function rowDiffers(entries: readonly AuditEntry[], row: JobRowFacts): boolean {
  const to = entries.findLast(({ details }) => details['to'] !== undefined)?.details['to'];
  const hasEnded = TERMINAL_STATUSES.some((terminal) => terminal === to || terminal === row.status);
  return row.misplaced === true || !isAsAccepted(row, entries.at(0)) || (hasEnded && row.status !== to);
}

function isAsAccepted(row: JobRowFacts, accepted: AuditEntry | undefined): boolean {
  if (accepted?.details['kind'] !== row.kind || accepted.details['priority'] !== row.priority) return false;
  const bound = accepted.details['row_hash'];
  if (bound !== undefined) return row.rowSalt !== undefined && rowHash(row, row.rowSalt) === bound;
  // Versions before bound no row: what of it the entry tells by itself. A part of something older is accepted as of that.
  const aboutPatient = accepted.subjectRef !== undefined;
  return row.createdAt <= accepted.at && aboutPatient === (row.userRef !== undefined);
}
