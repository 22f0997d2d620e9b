import { METRICS } from '../contract/metrics.ts';
import { PermanentError } from '../errors/attempt-error.ts';
import { policyVersion } from '../evidence/policy-version.ts';
import { readPlaced, readSeal } from '../evidence/read-seal.ts';
import {
  addHours,
  type Hour,
  hashSeal,
  hourOf,
  hourOfPlace,
  hourStart,
  identityOf,
  LOOK_BACK_HOURS,
  mergeOrdered,
  NO_SEAL,
  type PlacedEntry,
  SEAL_MINUTE,
  type Seal,
  sealText,
  signedText,
  type UnsignedSeal,
} from '../evidence/seal.ts';
import { addSeconds, type Clock, type Instant, secondsBetween } from '../lifecycle/instant.ts';
import type { Log, MetricSink, RandomSource } from './ports.ts';
import type { AuditTrail, SealVault, SignSeal } from './seal-ports.ts';
import { LineWriter, linesOf } from './sealed-lines.ts';

export interface SealDeps {
  readonly trail: AuditTrail;
  readonly vault: SealVault;
  readonly sign: SignSeal;
  /** ARN of the key that signs. */
  readonly keyId: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly metrics: MetricSink;
  readonly log: Log;
}

/** A run that finds more hours than it can do leaves the rest to the next. */
const MOST_HOURS = 24;

/** The last hour that is to be sealed at that time. */
export const hourDue = (now: Instant): Hour => addHours(hourOf(addSeconds(now, -SEAL_MINUTE * 60)), -1);

/**
 * Seals every hour that has ended and has no seal yet, in order, each linked to the one before. An hour without entries
 * is sealed as well. What stands is left as it is: a second run changes nothing, and of two at once one is too late.
 */
export async function sealHours(deps: SealDeps): Promise<void> {
  const due = hourDue(deps.clock());
  let last = await deps.vault.latest();
  for (let hours = 0; hours < MOST_HOURS && (last ?? '') < due; hours += 1) {
    const hour: Hour = last === undefined ? due : addHours(last, 1);
    await sealHour(deps, hour, last === undefined ? undefined : await standing(deps.vault, last));
    last = hour;
  }
  const lag = secondsBetween(hourStart(addHours(last ?? due, 1)), deps.clock());
  deps.metrics.add(METRICS.sealLag, lag, 'Seconds');
}

async function sealHour(deps: SealDeps, hour: Hour, before: Seal | undefined): Promise<void> {
  const { vault, random } = deps;
  // Of a run that ends half way its parts stay behind: they are in no seal, and so of no account.
  const writer = new LineWriter(vault, `entries/${hour}/${random.hex(8)}`);
  let malformed = 0;
  const add = async ({ line, entry }: PlacedEntry) => {
    if (!entry) malformed += 1;
    await writer.add(line);
  };
  for await (const found of entriesOf(deps, hour)) await add(found);
  await writer.endPart();
  const entries = writer.tree.size;
  for (let back = LOOK_BACK_HOURS; back > 0; back -= 1)
    for await (const found of unsealed(deps, addHours(hour, -back), hour)) await add(found);
  await writer.endPart();
  await writer.endLeaves();
  const unsigned: UnsignedSeal = {
    v: 1,
    hour,
    sequence: (before?.sequence ?? 0) + 1,
    entries,
    late: writer.tree.size - entries,
    root: writer.tree.root(),
    parts: writer.parts,
    previous: before ? hashSeal(before) : NO_SEAL,
    policyVersion: policyVersion(),
    sealedAt: deps.clock(),
    keyId: deps.keyId,
  };
  const seal: Seal = { ...unsigned, signature: await deps.sign(signedText(unsigned)) };
  const first = await vault.putSeal(hour, sealText(seal));
  const lag = secondsBetween(hourStart(addHours(hour, 1)), deps.clock());
  deps.log.info(first ? 'seal.made' : 'seal.stood', { count: entries, lag_seconds: lag });
  if (first && malformed > 0) {
    deps.log.error('seal.items_malformed', { count: malformed });
    deps.metrics.add(METRICS.malformedEntries, malformed, 'Count');
  }
  if (first && seal.late > 0) deps.metrics.add(METRICS.lateEntries, seal.late, 'Count');
}

/** What is listed under an hour that is not its own stays out of its seal; a verification shows it. */
async function* entriesOf({ trail }: Pick<SealDeps, 'trail'>, hour: Hour): AsyncGenerator<PlacedEntry> {
  for await (const found of trail.hour(hour)) if (hourOfPlace(found.place) === hour) yield found;
}

/** Entries of a past hour that stand in no seal before that of `hour`. An entry is known by its time and id. */
async function* unsealed(
  deps: Pick<SealDeps, 'trail' | 'vault'>,
  past: Hour,
  hour: Hour,
): AsyncGenerator<PlacedEntry> {
  const sealed = sealedEntries(deps.vault, past, hour)[Symbol.asyncIterator]();
  let next = await sealed.next();
  for await (const found of entriesOf(deps, past)) {
    while (!next.done && next.value.place < found.place && !alike(next.value, found))
      next = await sealed.next();
    if (next.done || !alike(next.value, found)) yield found;
  }
}

const alike = (a: PlacedEntry, b: PlacedEntry): boolean => identityOf(a) === identityOf(b);

/** Sealed entries of an hour in their order: those of its own seal, and those that later ones, before `until`, hold as late. */
export function sealedEntries(
  vault: Pick<SealVault, 'seal' | 'part'>,
  hour: Hour,
  until: Hour,
): AsyncIterable<PlacedEntry> {
  const seals = Array.from({ length: LOOK_BACK_HOURS + 1 }, (_, more) => addHours(hour, more));
  return mergeOrdered(
    seals
      .filter((sealing) => sealing < until)
      .map((sealing) => linesOfHour(vault, sealing, hour, sealing === hour ? 'entries' : 'late')),
  );
}

async function* linesOfHour(
  vault: Pick<SealVault, 'seal' | 'part'>,
  sealing: Hour,
  hour: Hour,
  which: 'entries' | 'late',
): AsyncGenerator<PlacedEntry> {
  const text = await vault.seal(sealing);
  if (text === undefined) return;
  for await (const line of linesOf(vault, parsed(text, sealing), which)) {
    const found = readPlaced(line);
    if (found && hourOfPlace(found.place) === hour) yield found;
  }
}

async function standing(vault: Pick<SealVault, 'seal'>, hour: Hour): Promise<Seal> {
  const text = await vault.seal(hour);
  if (text === undefined) throw new PermanentError('seal_missing', `The seal of ${hour} has gone.`);
  return parsed(text, hour);
}

function parsed(text: string, hour: Hour): Seal {
  const seal = readSeal(text);
  if (!seal)
    throw new PermanentError('seal_malformed', `What lies in the place of the seal of ${hour} is none.`);
  return seal;
}
