import { hash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Instant, instantOf } from '../../lifecycle/instant.ts';
import { type RecordKey, type RecordWriteOf, type StoredRecord, SYSTEM_OWNER, type World } from '../ports.ts';
import { FAMILIES, type Family } from './metrics-types.ts';
import { Tally, type TallyJson } from './tally.ts';
import { idOf, type Unit } from './units.ts';

/** Characters of one record's numbers: with key, sealing and the rest it stays below the 400 KB of a DynamoDB item. */
const LONGEST_BODY = 250_000;
/** Characters of one transaction, which DynamoDB bounds at 4 MB. */
const LONGEST_INTENT = 2_000_000;
/** Keys of one batch. */
const KEYS_AT_ONCE = 48;

/** The stored numbers of one family in one unit. */
export interface StoredTally {
  readonly unit: Unit;
  readonly family: Family;
  readonly record: StoredRecord<'rollup'>;
  /** Late data leave a mark from now on, so nobody need look at rows again. */
  readonly isFinal: boolean;
  /** It was corrected after it had become final. */
  readonly isCorrected: boolean;
  readonly digest: string;
  /** Absent when its parts do not fit together: an attempt died between them. It is then computed anew. */
  readonly tally?: Tally;
}

/** What was written for one family of a unit. */
export interface NewTally {
  readonly family: Family;
  readonly tally: Tally;
  readonly isCorrected: boolean;
}

export const recordId = (unit: Unit, family: Family): string => `${idOf(unit)}#${family}`;

const keyOf = (id: string): RecordKey<'rollup'> => ({ type: 'rollup', owner: SYSTEM_OWNER, id });

/** Stored numbers by record id, for those that stand. */
export async function readTallies(
  world: Pick<World, 'records'>,
  units: readonly Unit[],
  families: readonly Family[] = FAMILIES,
): Promise<ReadonlyMap<string, StoredTally>> {
  const wanted = units.flatMap((unit) => families.map((family) => ({ unit, family })));
  const found = new Map<string, StoredTally>();
  for (let at = 0; at < wanted.length; at += KEYS_AT_ONCE) {
    const batch = wanted.slice(at, at + KEYS_AT_ONCE);
    const keys = batch.map(({ unit, family }) => keyOf(recordId(unit, family)));
    const records = await world.records.readMany(keys);
    for (const [index, { unit, family }] of batch.entries()) {
      const record = records[index];
      if (record) found.set(record.id, await opened(world, unit, family, record));
    }
  }
  return found;
}

async function opened(
  world: Pick<World, 'records'>,
  unit: Unit,
  family: Family,
  record: StoredRecord<'rollup'>,
): Promise<StoredTally> {
  const { data, parts, digest, final, corrected } = record.body;
  const text = typeof data === 'string' ? data : await joined(world, record.id, Number(parts ?? 0));
  const stored = {
    unit,
    family,
    record,
    isFinal: final === true,
    isCorrected: corrected === true,
    digest: String(digest),
  };
  const plain = unzipped(text);
  if (hash('sha256', plain) !== digest) return stored;
  // Written by `keepTallies` only: the digest says that it is that very text.
  const json: TallyJson = JSON.parse(plain);
  return { ...stored, tally: Tally.of(json) };
}

function unzipped(text: string): string {
  try {
    return gunzipSync(Buffer.from(text, 'base64')).toString();
  } catch {
    // Parts of two writings.
    return '';
  }
}

/** Empty when a part is missing or of another length than it was cut to. */
async function joined(world: Pick<World, 'records'>, id: string, parts: number): Promise<string> {
  const keys = Array.from({ length: parts }, (_, index) => keyOf(partId(id, index)));
  const texts: string[] = [];
  // One by one: a page of parts is large.
  for (const key of keys) {
    const [part] = await world.records.readMany([key]);
    texts.push(String(part?.body['data'] ?? ''));
  }
  const isWhole = texts.every((text, index) => index === parts - 1 || text.length === LONGEST_BODY);
  return isWhole ? texts.join('') : '';
}

const partId = (id: string, index: number): string => `part#${id}#${index}`;

/**
 * Makes the stored numbers of a unit true, in transactions under the attempt's fence. The same numbers change nothing, other ones
 * are the next revision. Parts come first: until their record stands, the old one no longer fits to them and is not used.
 * @returns the revision of each family
 */
export async function keepTallies(
  world: Pick<World, 'recordIntent' | 'now'>,
  unit: Unit,
  tallies: readonly NewTally[],
  standing: ReadonlyMap<string, StoredTally>,
  isFinal: boolean,
): Promise<ReadonlyMap<Family, number>> {
  const revisions = new Map<Family, number>();
  let heads: RecordWriteOf<'rollup'>[] = [];
  let length = 0;
  for (const { family, tally, isCorrected } of tallies) {
    const before = standing.get(recordId(unit, family));
    const text = tally.toText();
    const isSame = before?.tally !== undefined && before.digest === hash('sha256', text);
    const revision = (before?.record.state.revision ?? 0) + (isSame ? 0 : 1);
    revisions.set(family, revision);
    if (isSame && before.isFinal === isFinal) continue;
    const made = { unit, family, text, revision, before, isFinal, isCorrected, now: world.now() };
    const { head, parts } = writesOf(made);
    for (const part of parts) await world.recordIntent([part]);
    const size = JSON.stringify(head.body).length;
    if (length + size > LONGEST_INTENT) {
      await world.recordIntent(heads);
      [heads, length] = [[], 0];
    }
    heads.push(head);
    length += size;
  }
  if (heads.length > 0) await world.recordIntent(heads);
  return revisions;
}

function writesOf(made: {
  readonly unit: Unit;
  readonly family: Family;
  readonly text: string;
  readonly revision: number;
  readonly before: StoredTally | undefined;
  readonly isFinal: boolean;
  readonly isCorrected: boolean;
  readonly now: Instant;
}) {
  const { unit, family, text, revision, before } = made;
  const id = recordId(unit, family);
  const data = gzipSync(text).toString('base64');
  const count = Math.ceil(data.length / LONGEST_BODY);
  const pieces = count > 1 ? Array.from({ length: count }, (_, index) => index) : [];
  const write = { type: 'rollup', owner: SYSTEM_OWNER, state: { revision } } as const;
  const head: RecordWriteOf<'rollup'> = {
    ...write,
    id,
    expect: before?.record.version ?? 'absent',
    body: {
      v: 2,
      start: instantOf(unit.startMs),
      end: instantOf(unit.endMs),
      computed_at: made.now,
      final: made.isFinal,
      ...(made.isCorrected && { corrected: true }),
      digest: hash('sha256', text),
      ...(count > 1 ? { parts: count } : { data }),
    },
  };
  const parts = pieces.map((index): RecordWriteOf<'rollup'> => {
    const piece = data.slice(index * LONGEST_BODY, (index + 1) * LONGEST_BODY);
    return { ...write, id: partId(id, index), expect: 'any', body: { v: 2, data: piece } };
  });
  return { head, parts };
}
