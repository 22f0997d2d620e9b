import { RETENTION_DAYS } from '../contract/tables.ts';
import { type ChainFault, verifyChain } from '../evidence/audit-chain.ts';
import { rowDiffers } from '../evidence/job-row-facts.ts';
import { readSeal } from '../evidence/read-seal.ts';
import { addHours, type Hour, hourOfPlace, LOOK_BACK_HOURS, type PlacedEntry } from '../evidence/seal.ts';
import { isSigned, type SealFault } from '../evidence/verify-seal.ts';
import { addSeconds, type Clock } from '../lifecycle/instant.ts';
import { type CheckDeps, type CheckedHour, checkSealedHour } from './check-sealed-hour.ts';
import { type Comparison, compareHour, type TableFault } from './compare-hour.ts';
import { type ChainDeps, readChain } from './read-chain.ts';
import { hourDue } from './seal-hours.ts';
import type { AuditTrail } from './seal-ports.ts';

export interface VerifyDeps extends CheckDeps, ChainDeps {
  readonly trail: AuditTrail;
  readonly clock: Clock;
}

export interface HourVerdict {
  readonly hour: Hour;
  /** `unsealed`: nothing is proved of it, or not of all its entries. It is no fault, and it is not verified. */
  readonly status: 'verified' | 'unsealed' | 'faulty';
  readonly entries: number;
  /** Entries of earlier hours that its seal holds. */
  readonly late: number;
  /** Entries of this hour that no seal holds yet. */
  readonly unsealed: number;
  readonly faults: readonly (SealFault | TableFault)[];
}

export interface ChainVerdict {
  readonly jobId: string;
  readonly fault: ChainFault['fault'] | 'row_missing' | 'row_differs' | 'item_unreadable';
}

export interface TrailVerdict {
  readonly hours: readonly HourVerdict[];
  /** Job chains with entries in these hours. */
  readonly chains: number;
  readonly faultyChains: readonly ChainVerdict[];
  /** Nothing was found that should not be so; unsealed hours do not count. */
  readonly whole: boolean;
}

const DAY_SECONDS = 86_400;

/**
 * Checks the hours of `[from, until)`: signatures, the chain of seals, the lines and their roots, the table against what
 * is sealed, and the chains of all jobs that come up, up to the head in the job's row, and whether that row is as it was
 * accepted and says what they say.
 * It trusts the given keys only.
 */
export async function verifyTrail(deps: VerifyDeps, from: Hour, until: Hour): Promise<TrailVerdict> {
  const sealed = await sealedRange(deps);
  const writes = new Map<Hour, number>();
  // What is late of the last hours stands in the seals after them.
  const end = addHours(until, LOOK_BACK_HOURS);
  for await (const one of deps.vault.history(from, end)) writes.set(one.hour, one.writes);
  const checked: CheckedHour[] = [];
  for (let hour = from; hour < end; hour = addHours(hour, 1))
    if (hour < until || writes.has(hour))
      checked.push(await checkSealedHour(deps, hour, writes.get(hour) ?? 0));
  const late = checked.flatMap((one) => one.late);

  const hours: HourVerdict[] = [];
  for (const one of checked) {
    if (one.hour < until) hours.push(await judge(deps, one, late, sealed));
    // Beyond the range it is told of only when it is not as it should be.
    else if (one.faults.length > 0) hours.push(verdictOf(one, one.faults, NOTHING));
  }
  const jobIds = new Set(checked.filter(({ hour }) => hour < until).flatMap((one) => [...one.jobIds]));
  const faultyChains = await checkChains(deps, jobIds);
  const whole = faultyChains.length === 0 && hours.every(({ status }) => status !== 'faulty');
  return { hours, chains: jobIds.size, faultyChains, whole };
}

/** First and last hour that have a seal. Seals have no gap, so the last one tells where the first lies. */
interface SealedRange {
  readonly first?: Hour;
  readonly last?: Hour;
}

async function sealedRange({ vault, keyOf }: CheckDeps): Promise<SealedRange> {
  const last = await vault.latest();
  if (last === undefined) return {};
  const seal = readSeal((await vault.seal(last)) ?? '');
  const key = seal && keyOf(seal.keyId);
  return seal && key && isSigned(seal, key) ? { first: addHours(last, 1 - seal.sequence), last } : { last };
}

const NOTHING: Comparison = { faults: [], unsealed: 0 };

async function judge(
  deps: VerifyDeps,
  one: CheckedHour,
  late: readonly PlacedEntry[],
  { first = '', last = '' }: SealedRange,
): Promise<HourVerdict> {
  const { hour } = one;
  const now = deps.clock();
  const expected = hour >= first && hour <= last;
  // Before the first seal and after the last there is none to miss; but what lay there once is missed.
  const sealFaults = one.faults.filter(
    (fault) => fault !== 'seal_missing' || expected || one.faults.includes('seal_overwritten'),
  );
  if (sealFaults.length > 0) return verdictOf(one, sealFaults, NOTHING);
  const open = !expected || addHours(hour, LOOK_BACK_HOURS) > last;
  const own = late.filter(({ place }) => hourOfPlace(place) === hour);
  const table = await compareHour(deps, one, own, { open, now });
  // One run may fail; after the next one an hour should have its seal. Without any seal only entries show that it should.
  const overdue = hour > last && hour < hourDue(now) && (last !== '' || table.unsealed > 0);
  return verdictOf(one, overdue ? ['seal_missing'] : [], table);
}

function verdictOf(
  { hour, seal }: CheckedHour,
  sealFaults: readonly SealFault[],
  table: Comparison,
): HourVerdict {
  const faults = [...sealFaults, ...table.faults];
  const proved = seal !== undefined && table.unsealed === 0;
  return {
    hour,
    status: faults.length > 0 ? 'faulty' : proved ? 'verified' : 'unsealed',
    entries: seal?.entries ?? 0,
    late: seal?.late ?? 0,
    unsealed: table.unsealed,
    faults,
  };
}

async function checkChains(deps: VerifyDeps, jobIds: ReadonlySet<string>): Promise<ChainVerdict[]> {
  const found: ChainVerdict[] = [];
  const before = (days: number) => addSeconds(deps.clock(), -days * DAY_SECONDS);
  for (const jobId of jobIds) {
    const read = await chainOf(deps, jobId);
    if (!read) {
      found.push({ jobId, fault: 'item_unreadable' });
      continue;
    }
    const { row, chain: entries } = read;
    const last = entries.at(-1);
    // Entries of an old chain go one by one; that they stood is proved by the seals.
    if ((entries[0]?.at ?? '9') < before(RETENTION_DAYS.audit)) continue;
    if (!row && last && last.at >= before(RETENTION_DAYS.jobs)) found.push({ jobId, fault: 'row_missing' });
    const end = row ?? { chainSeq: last?.seq ?? 0, chainHash: last?.hash ?? '' };
    const fault = verifyChain(entries, end);
    if (fault && (row || last)) found.push({ jobId, fault: fault.fault });
    else if (row && rowDiffers(entries, row)) found.push({ jobId, fault: 'row_differs' });
  }
  return found;
}

/** Nothing when an item in its place is no entry: by the name of the error, as the store says it. */
async function chainOf(deps: ChainDeps, jobId: string) {
  try {
    return await readChain(deps, jobId);
  } catch (error) {
    if (error instanceof Error && error.name === 'StoredItemError') return undefined;
    throw error;
  }
}
