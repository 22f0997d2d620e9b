import type { AuditEntry } from './audit-entry.ts';
import { canonicalJson } from './canonical-json.ts';
import {
  isHour,
  type MalformedItem,
  type PlacedEntry,
  placed,
  placedMalformed,
  type Seal,
  type SealPart,
} from './seal.ts';

type Members = Readonly<Record<string, unknown>>;

/** A seal as it lies in its object; nothing when it is not exactly the text of one. */
export function readSeal(text: string): Seal | undefined {
  const value = readCanonical(text);
  return value !== undefined && isSeal(value) ? value : undefined;
}

/** An entry as its line has it; nothing when the line is not exactly the text of one. */
export function readLine(line: string): AuditEntry | undefined {
  const value = readCanonical(line);
  return value !== undefined && isEntry(value) ? value : undefined;
}

/** What a line stands for, an entry or an item that is none; nothing when the line is not exactly the text of one. */
export function readPlaced(line: string): PlacedEntry | undefined {
  const value = readCanonical(line);
  if (value === undefined) return undefined;
  if (isEntry(value)) return placed(value);
  return isMalformed(value) ? placedMalformed(value) : undefined;
}

/** Only the canonical text is read, so that each of its bytes is one that was signed. */
function readCanonical(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) && canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isSeal(value: unknown): value is Seal {
  return (
    isMembers(value) &&
    value['v'] === 1 &&
    ['root', 'previous'].every((name) => isHash(value[name])) &&
    ['policyVersion', 'sealedAt', 'keyId', 'signature'].every((name) => typeof value[name] === 'string') &&
    ['sequence', 'entries', 'late'].every((name) => isCount(value[name])) &&
    typeof value['hour'] === 'string' &&
    isHour(value['hour']) &&
    Array.isArray(value['parts']) &&
    value['parts'].every(isPart) &&
    Object.keys(value).length === SEAL_MEMBERS
  );
}

const SEAL_MEMBERS = 12;

const isPart = (value: unknown): value is SealPart =>
  isMembers(value) &&
  typeof value['key'] === 'string' &&
  isHash(value['sha256']) &&
  isCount(value['lines']) &&
  Object.keys(value).length === 3;

export function isEntry(value: unknown): value is AuditEntry {
  if (!isMembers(value) || value['v'] !== 1 || !isHash(value['hash'])) return false;
  const { actor, details, seq, prevHash } = value;
  return (
    ['entryId', 'at', 'action', 'outcome', 'correlationId'].every(
      (name) => typeof value[name] === 'string',
    ) &&
    ['subjectRef', 'jobId'].every((name) => ['string', 'undefined'].includes(typeof value[name])) &&
    isMembers(actor) &&
    isMembers(details) &&
    Object.values(details).every((detail) => DETAILS.includes(typeof detail)) &&
    (seq === undefined) === (prevHash === undefined) &&
    (seq === undefined || (isCount(seq) && isHash(prevHash)))
  );
}

const DETAILS = ['string', 'number', 'boolean'];

function isMalformed(value: unknown): value is MalformedItem {
  const { v, malformed, hour, hash, ...more } = Object(value);
  return (
    v === 1 &&
    malformed === true &&
    typeof hour === 'string' &&
    isHour(hour) &&
    isHash(hash) &&
    Object.keys(more).length === 0
  );
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
