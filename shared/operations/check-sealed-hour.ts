import type { KeyObject } from 'node:crypto';
import { readSeal } from '../evidence/read-seal.ts';
import { addHours, type Hour, hourOfPlace, NO_SEAL, type PlacedEntry, type Seal } from '../evidence/seal.ts';
import { follows, isSigned, LineCheck, type SealFault } from '../evidence/verify-seal.ts';
import type { SealVault } from './seal-ports.ts';
import { linesOfPart } from './sealed-lines.ts';

/** What was found where the seal of an hour should lie. */
export interface CheckedHour {
  readonly hour: Hour;
  /** Absent: there is none, or what lies there is none. */
  readonly seal?: Seal;
  readonly faults: readonly SealFault[];
  /** Entries of earlier hours that it holds; none when it has faults. */
  readonly late: readonly PlacedEntry[];
  /** Jobs with entries of their chains in this hour. */
  readonly jobIds: ReadonlySet<string>;
}

export interface CheckDeps {
  readonly vault: SealVault;
  /** The public half of a key that is trusted; whatever a seal says of itself, no other will do. */
  readonly keyOf: (keyId: string) => KeyObject | undefined;
}

/**
 * Holds the seal of an hour against its signature, the seal before it and its own lines.
 * @param writes how often its object was written or deleted
 */
export async function checkSealedHour(
  { vault, keyOf }: CheckDeps,
  hour: Hour,
  writes: number,
): Promise<CheckedHour> {
  const faults = new Set<SealFault>(writes > 1 ? ['seal_overwritten'] : []);
  const text = await vault.seal(hour);
  const seal = text === undefined ? undefined : readSeal(text);
  if (!seal || seal.hour !== hour) {
    faults.add(text === undefined ? 'seal_missing' : 'seal_malformed');
    return { hour, faults: [...faults], late: [], jobIds: new Set() };
  }
  const key = keyOf(seal.keyId);
  if (!key || !isSigned(seal, key)) faults.add('signature_invalid');
  if (!follows(seal, await sealBefore(vault, seal))) faults.add('link_broken');

  const check = new LineCheck(seal);
  const late: PlacedEntry[] = [];
  const jobIds = new Set<string>();
  for (const part of seal.parts) {
    const lines = await linesOfPart(vault, part);
    if (typeof lines === 'string') faults.add(lines);
    else
      for (const line of lines) {
        const found = check.add(line);
        const entry = found?.entry;
        if (entry?.jobId !== undefined && entry.seq !== undefined) jobIds.add(entry.jobId);
        if (found && hourOfPlace(found.place) !== hour) late.push(found);
      }
  }
  for (const fault of check.faults()) faults.add(fault);
  return { hour, seal, faults: [...faults], late: faults.size === 0 ? late : [], jobIds };
}

async function sealBefore(vault: SealVault, seal: Seal): Promise<Seal | undefined> {
  if (seal.previous === NO_SEAL) return undefined;
  const text = await vault.seal(addHours(seal.hour, -1));
  return text === undefined ? undefined : readSeal(text);
}
