import { RETENTION_DAYS } from '../contract/tables.ts';
import { daysKept } from '../evidence/accounting.ts';
import { readPlaced } from '../evidence/read-seal.ts';
import { hourOfPlace, mergeOrdered, type PlacedEntry } from '../evidence/seal.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { CheckedHour } from './check-sealed-hour.ts';
import type { AuditTrail, SealVault, TrailEntry } from './seal-ports.ts';
import { linesOf } from './sealed-lines.ts';

/** What can be wrong with the table, measured by what is sealed. */
export type TableFault =
  | 'entry_missing'
  | 'entry_differs'
  /** An entry of a sealed hour that no seal holds, and none will. */
  | 'entry_not_sealed'
  /** Keys or attributes by which it is found are not those of its entry. */
  | 'item_differs'
  | 'item_unreadable';

export interface Comparison {
  readonly faults: readonly TableFault[];
  /** Entries that no seal holds yet. */
  readonly unsealed: number;
}

const DAY_SECONDS = 86_400;

/**
 * Holds the table's entries of an hour against the sealed ones.
 * @param late what later seals hold of this hour
 * @param open a later seal still looks for entries of this hour
 */
export async function compareHour(
  deps: { readonly vault: Pick<SealVault, 'part'>; readonly trail: AuditTrail },
  { hour, seal }: CheckedHour,
  late: readonly PlacedEntry[],
  { open, now }: { readonly open: boolean; readonly now: Instant },
): Promise<Comparison> {
  const faults = new Set<TableFault>();
  let unsealed = 0;
  const sealed = mergeOrdered([
    ...(seal ? [entriesOf(linesOf(deps.vault, seal, 'entries'))] : []),
    (async function* () {
      yield* late.toSorted((a, b) => (a.place < b.place ? -1 : 1));
    })(),
  ]);
  for await (const { inSeal, inTable } of joined(sealed, deps.trail.hour(hour))) {
    // Sealed or not, it is nothing that the trail has written.
    if (!(inTable ?? inSeal)?.entry) faults.add('item_unreadable');
    else if (inTable && (!inTable.intact || hourOfPlace(inTable.place) !== hour)) faults.add('item_differs');
    if (inSeal && inTable) {
      if (inSeal.line !== inTable.line) faults.add('entry_differs');
    } else if (inSeal) {
      if (!mayBeGone(inSeal, now)) faults.add('entry_missing');
    } else if (open) unsealed += 1;
    else faults.add('entry_not_sealed');
  }
  return { faults: [...faults], unsealed };
}

/** DynamoDB deletes what is past its time when it likes to. */
function mayBeGone({ entry, place }: PlacedEntry, now: Instant): boolean {
  if (entry) return addSeconds(entry.at, daysKept(entry) * DAY_SECONDS) <= now;
  // Of what is no entry only the hour is known.
  return hourOfPlace(place) <= addSeconds(now, -RETENTION_DAYS.audit * DAY_SECONDS).slice(0, 13);
}

async function* entriesOf(lines: AsyncIterable<string>): AsyncGenerator<PlacedEntry> {
  for await (const line of lines) {
    const found = readPlaced(line);
    if (found) yield found;
  }
}

interface Pair {
  readonly inSeal?: PlacedEntry;
  readonly inTable?: TrailEntry;
}

/** Two streams in the order of `place`, side by side. */
async function* joined(
  sealed: AsyncIterable<PlacedEntry>,
  table: AsyncIterable<TrailEntry>,
): AsyncGenerator<Pair> {
  const [left, right] = [sealed[Symbol.asyncIterator](), table[Symbol.asyncIterator]()];
  let [a, b] = [await left.next(), await right.next()];
  while (!a.done || !b.done) {
    if (!a.done && !b.done && a.value.place === b.value.place) {
      yield { inSeal: a.value, inTable: b.value };
      [a, b] = [await left.next(), await right.next()];
    } else if (!a.done && (b.done || a.value.place < b.value.place)) {
      yield { inSeal: a.value };
      a = await left.next();
    } else if (!b.done) {
      yield { inTable: b.value };
      b = await right.next();
    }
  }
}
