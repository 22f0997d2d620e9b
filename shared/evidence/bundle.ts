import { createPublicKey, type KeyObject } from 'node:crypto';
import { allows, TERMINAL_STATUSES } from '../lifecycle/transitions.ts';
import { type ChainFault, type ChainHead, verifyChain } from './audit-chain.ts';
import type { AuditEntry } from './audit-entry.ts';
import { canonicalJson } from './canonical-json.ts';
import { type InclusionProof, isIncluded } from './merkle-tree.ts';
import { isEntry, isSeal } from './read-seal.ts';
import { type Hour, hashSeal, hourOf, lineOf, type Seal } from './seal.ts';
import { follows, isSigned } from './verify-seal.ts';

/** That an entry stands in the seal of an hour. */
export interface EntryProof extends InclusionProof {
  readonly entryId: string;
  /** Whose seal it is: the entry's own hour, or a later one that holds it as late. */
  readonly hour: Hour;
}

/** All evidence about one job, for somebody who reaches neither the table nor the bucket. */
export interface EvidenceBundle {
  readonly v: 1;
  readonly jobId: string;
  /** Every entry of the job's chain: the first one tells the salted hash of the request and the checks that were made. */
  readonly chain: readonly AuditEntry[];
  /** What the job's row said of its chain. */
  readonly head: ChainHead;
  /** In the order of the chain; entries that no seal holds yet have none. */
  readonly proofs: readonly EntryProof[];
  /** From the first hour that a proof names to the last, without a gap. */
  readonly seals: readonly Seal[];
  /** SPKI as PEM. */
  readonly publicKey: string;
}

/** What the one who checks knows from elsewhere. */
export interface Pinned {
  /** The key that the seals must be signed with; without it the bundle is only as good as the key that it brings. */
  readonly key?: KeyObject;
  /** A seal seen before: where it is one of the bundle's hours it must be the same. */
  readonly seal?: Seal;
}

export type BundleFault =
  | ChainFault['fault']
  | 'bundle_malformed'
  | 'entry_of_other_job'
  | 'proof_missing'
  | 'proof_invalid'
  | 'seals_incomplete'
  | 'link_broken'
  | 'signature_invalid'
  | 'key_differs'
  | 'seal_differs';

/** What keeps a bundle without a fault from proving the whole life of its job. */
export type BundleGap =
  | EvidenceGap
  /** It ends before a final state: what came after may have been left out. */
  | 'job_not_ended'
  /** It ends with `failed`, after which a job can be retried: whether it was, only the table knows. */
  | 'may_have_been_retried';

/** Gaps that receipts have as well. */
export type EvidenceGap =
  /** No seal holds some of its entries, or any: nothing proves these. */
  | 'entries_unsealed'
  /** Neither key nor seal is known from elsewhere: whoever made it could have signed it. */
  | 'key_unknown';

export interface BundleVerdict {
  readonly faults: readonly BundleFault[];
  /** Empty, with no fault: all of it is proved, and that nothing came after it. */
  readonly gaps: readonly BundleGap[];
  /** Entries whose proof holds, and those that no seal holds yet: nothing proves these. */
  readonly sealed: number;
  readonly unsealed: number;
  readonly bundle?: EvidenceBundle;
}

export const bundleText = (bundle: EvidenceBundle): string => `${canonicalJson(bundle)}\n`;

/** Checks a bundle by itself: no network, no clock. Only its exact text is taken, so each of its bytes is checked. */
export function verifyBundle(text: string, pinned: Pinned = {}): BundleVerdict {
  const bundle = readBundle(text);
  if (!bundle) return { faults: ['bundle_malformed'], gaps: [], sealed: 0, unsealed: 0 };
  const { chain, head, seals, proofs } = bundle;
  const faults = new Set<BundleFault>();
  const broken = verifyChain(chain, head);
  if (broken) faults.add(broken.fault);
  if (chain.some(({ jobId }) => jobId !== bundle.jobId)) faults.add('entry_of_other_job');
  for (const fault of sealFaults(bundle, pinned)) faults.add(fault);
  for (const fault of proofFaults(chain, proofs, seals)) faults.add(fault);
  const sealed = faults.size === 0 ? proofs.length : 0;
  const unsealed = chain.length - proofs.length;
  return { faults: [...faults], gaps: gapsIn(bundle, pinned, unsealed), sealed, unsealed, bundle };
}

function gapsIn({ chain, seals }: EvidenceBundle, pinned: Pinned, unsealed: number): readonly BundleGap[] {
  const isKnown = pinned.key !== undefined || seals.some(({ hour }) => hour === pinned.seal?.hour);
  const last = TERMINAL_STATUSES.find((status) => status === chain.at(-1)?.details['to']);
  return [
    ...(unsealed > 0 ? (['entries_unsealed'] as const) : []),
    ...(isKnown ? [] : (['key_unknown'] as const)),
    ...(last === undefined ? (['job_not_ended'] as const) : []),
    ...(last && allows('redrive', last) ? (['may_have_been_retried'] as const) : []),
  ];
}

function sealFaults({ seals, proofs, publicKey }: EvidenceBundle, pinned: Pinned): readonly BundleFault[] {
  const faults: BundleFault[] = [];
  const key = keyOf(publicKey);
  if (!key || (pinned.key && !pinned.key.equals(key))) faults.push('key_differs');
  if (!key || !seals.every((seal) => isSigned(seal, key))) faults.push('signature_invalid');
  if (seals.some((seal, index) => index > 0 && !follows(seal, seals[index - 1]))) faults.push('link_broken');
  const hours = proofs.map(({ hour }) => hour).sort();
  if (seals.at(0)?.hour !== hours.at(0) || seals.at(-1)?.hour !== hours.at(-1))
    faults.push('seals_incomplete');
  const { seal } = pinned;
  const other = seal && seals.find(({ hour }) => hour === seal.hour);
  if (seal && other && hashSeal(other) !== hashSeal(seal)) faults.push('seal_differs');
  return faults;
}

function proofFaults(
  chain: readonly AuditEntry[],
  proofs: readonly EntryProof[],
  seals: readonly Seal[],
): readonly BundleFault[] {
  const faults: BundleFault[] = [];
  const byHour = new Map(seals.map((seal) => [seal.hour, seal]));
  const rest = [...proofs];
  for (const entry of chain) {
    const own = rest[0]?.entryId === entry.entryId ? rest.shift() : undefined;
    const seal = own && byHour.get(own.hour);
    if (!own) {
      // Only what is later than every seal can be unsealed.
      if (hourOf(entry.at) <= (seals.at(-1)?.hour ?? '')) faults.push('proof_missing');
    } else if (!seal || !isSealedIn(entry, own, seal)) faults.push('proof_invalid');
  }
  return rest.length > 0 ? [...faults, 'proof_invalid'] : faults;
}

/** Whether the proof shows that the entry stands in that seal. */
export function isSealedIn(entry: AuditEntry, { index, size, path, hour }: EntryProof, seal: Seal): boolean {
  const late = index >= seal.entries;
  const placed = late ? hourOf(entry.at) < hour : hourOf(entry.at) === hour;
  const proof = { index, size, path };
  return (
    placed && size === seal.entries + seal.late && isIncluded(Buffer.from(lineOf(entry)), proof, seal.root)
  );
}

/** Only keys of the curve that seals are signed with. */
export function keyOf(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    const sound = key.asymmetricKeyDetails?.namedCurve === 'prime256v1' && pemOf(key) === pem;
    return sound ? key : undefined;
  } catch {
    return undefined;
  }
}

export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

function readBundle(text: string): EvidenceBundle | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isBundle(value) && bundleText(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function isBundle(value: unknown): value is EvidenceBundle {
  const { v, jobId, chain, head, proofs, seals, publicKey, ...more } = Object(value);
  return (
    v === 1 &&
    typeof jobId === 'string' &&
    typeof publicKey === 'string' &&
    Array.isArray(chain) &&
    chain.length > 0 &&
    chain.every(isEntry) &&
    Array.isArray(seals) &&
    seals.every(isSeal) &&
    Array.isArray(proofs) &&
    proofs.every(isProof) &&
    typeof Object(head).chainSeq === 'number' &&
    typeof Object(head).chainHash === 'string' &&
    Object.keys(Object(head)).length === 2 &&
    Object.keys(more).length === 0
  );
}

export function isProof(value: unknown): value is EntryProof {
  const { entryId, hour, index, size, path, ...more } = Object(value);
  return (
    typeof entryId === 'string' &&
    typeof hour === 'string' &&
    typeof index === 'number' &&
    typeof size === 'number' &&
    Array.isArray(path) &&
    path.every((hash) => typeof hash === 'string') &&
    Object.keys(more).length === 0
  );
}
