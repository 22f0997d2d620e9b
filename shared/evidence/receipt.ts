import type { KeyObject } from 'node:crypto';
import { TERMINAL_STATUSES } from '../lifecycle/transitions.ts';
import { hashEntry } from './audit-chain.ts';
import type { AuditEntry } from './audit-entry.ts';
import { type EntryProof, type EvidenceGap, isProof, isSealedIn } from './bundle.ts';
import { isEntry, isSeal } from './read-seal.ts';
import type { Seal } from './seal.ts';
import { isSigned } from './verify-seal.ts';

/** What a client keeps of a job that has ended, in the words of the API. */
export interface Receipt {
  readonly v: 1;
  readonly job_id: string;
  readonly kind: string;
  /** The final state. */
  readonly status: string;
  readonly generation: number;
  readonly accepted_at: string;
  readonly ended_at: string;
  readonly error_code?: string;
  /** Absent: the service made the job by itself before it kept such hashes. */
  readonly request?: {
    /** SHA-256 (hex) over the salt and the canonical JSON of what was ordered. */
    readonly hash: string;
    /** For those who are shown the result: without it the hash tells nothing of the order. */
    readonly salt?: string;
  };
  /** Place and hash of the entry about the final state in the chain of the job. */
  readonly chain: { readonly sequence: number; readonly hash: string };
  /** The audit entries of acceptance and final state, whole: what is sealed are these. */
  readonly entries: readonly AuditEntry[];
  /** In the order of the entries; those that no seal holds yet have none. */
  readonly proofs: readonly EntryProof[];
  /** The seals that the proofs name. */
  readonly seals: readonly Seal[];
}

export type ReceiptFault =
  | 'receipt_malformed'
  | 'entry_hash_differs'
  | 'entry_of_other_job'
  /** What it says is not what its entries say. */
  | 'statement_differs'
  | 'proof_invalid'
  | 'signature_invalid';

export interface ReceiptVerdict {
  readonly faults: readonly ReceiptFault[];
  /** Empty, with no fault: acceptance and final state are proved. */
  readonly gaps: readonly EvidenceGap[];
  /** Entries whose proof holds, and those that no seal holds yet: nothing proves these. */
  readonly sealed: number;
  readonly unsealed: number;
  readonly receipt?: Receipt;
}

/**
 * Checks a receipt by itself: no network, no clock. It brings no key, so seals are only worth something to whoever has it.
 * @param key what seals must be signed with
 */
export function verifyReceipt(value: unknown, key: KeyObject | undefined): ReceiptVerdict {
  if (!isReceipt(value)) return { faults: ['receipt_malformed'], gaps: [], sealed: 0, unsealed: 0 };
  const { entries, proofs, seals } = value;
  const faults = new Set<ReceiptFault>();
  if (!entries.every(hasOwnHash)) faults.add('entry_hash_differs');
  if (entries.some(({ jobId }) => jobId !== value.job_id)) faults.add('entry_of_other_job');
  if (!saysWhatEntriesSay(value)) faults.add('statement_differs');
  if (!seals.every((seal) => key !== undefined && isSigned(seal, key))) faults.add('signature_invalid');
  const byHour = new Map(seals.map((seal) => [seal.hour, seal]));
  const byId = new Map(entries.map((entry) => [entry.entryId, entry]));
  for (const proof of proofs) {
    const [entry, seal] = [byId.get(proof.entryId), byHour.get(proof.hour)];
    if (!entry || !seal || !isSealedIn(entry, proof, seal)) faults.add('proof_invalid');
  }
  if (new Set(proofs.map(({ entryId }) => entryId)).size < proofs.length) faults.add('proof_invalid');
  const sealed = faults.size === 0 ? proofs.length : 0;
  const unsealed = entries.length - proofs.length;
  const gaps: EvidenceGap[] = unsealed > 0 ? ['entries_unsealed'] : [];
  if (!key) gaps.push('key_unknown');
  return { faults: [...faults], gaps, sealed, unsealed, receipt: value };
}

const hasOwnHash = ({ hash, ...unhashed }: AuditEntry): boolean => hashEntry(unhashed) === hash;

function saysWhatEntriesSay(receipt: Receipt): boolean {
  const [accepted, ended] = [receipt.entries[0], receipt.entries.at(-1)];
  if (!accepted || !ended) return false;
  return (
    accepted.seq === 1 &&
    accepted.at === receipt.accepted_at &&
    accepted.details['kind'] === receipt.kind &&
    accepted.details['request_hash'] === receipt.request?.hash &&
    ended.seq === receipt.chain.sequence &&
    ended.hash === receipt.chain.hash &&
    ended.at === receipt.ended_at &&
    ended.details['to'] === receipt.status &&
    ended.details['generation'] === receipt.generation &&
    ended.details['error_code'] === receipt.error_code
  );
}

/** Only what is checked may stand in it. */
function isReceipt(value: unknown): value is Receipt {
  const { v, job_id, kind, status, generation, accepted_at, ended_at, error_code, ...rest } = Object(value);
  const { request, chain, entries, proofs, seals, ...more } = rest;
  return (
    v === 1 &&
    [job_id, kind, accepted_at, ended_at].every((text) => typeof text === 'string') &&
    TERMINAL_STATUSES.some((terminal) => terminal === status) &&
    typeof generation === 'number' &&
    ['string', 'undefined'].includes(typeof error_code) &&
    isRequest(request) &&
    hasOnly(chain, ['sequence', 'hash']) &&
    Array.isArray(entries) &&
    entries.length === 2 &&
    entries.every(isEntry) &&
    Array.isArray(proofs) &&
    proofs.every(isProof) &&
    Array.isArray(seals) &&
    seals.every(isSeal) &&
    Object.keys(more).length === 0
  );
}

function isRequest(value: unknown): boolean {
  const { hash, salt } = Object(value);
  const texts = typeof hash === 'string' && ['string', 'undefined'].includes(typeof salt);
  return value === undefined || (texts && hasOnly(value, ['hash', 'salt']));
}

const hasOnly = (value: unknown, names: readonly string[]): boolean =>
  Object.keys(Object(value)).every((name) => names.includes(name));
