import { type Instant, instantOf, msOf } from '../../lifecycle/instant.ts';
import {
  type JsonObject,
  type RecordWriteOf,
  type StoredRecord,
  SYSTEM_OWNER,
  type World,
} from '../ports.ts';
import { isObject } from './is-object.ts';
import { DAY_MS, type TimeWindow } from './time-window.ts';

/** What was shown about people of one family in one window. */
export interface Release extends TimeWindow {
  /** Names of the numbers that were shown. */
  readonly cells: readonly string[];
  /** All numbers of distinct people that were ever shown, by name. */
  readonly people: Readonly<Record<string, readonly number[]>>;
  /** What was told last, where it is told again as it was. */
  readonly told: Told | undefined;
}

/** Numbers of which no records are kept, so that they are not counted the same way twice. */
export interface Told {
  readonly at: Instant;
  readonly numbers: JsonObject;
  readonly rows: number;
}

/** What was shown of one family before, as far as it matters for a window. */
export interface Ledger {
  readonly family: string;
  /** Answers that are reached from the window by going from one to another that shares time with it. */
  readonly related: readonly Release[];
  /** Those of them that share time with the window, or with one that does. */
  readonly near: readonly Release[];
  readonly head: StoredRecord<'rollup'> | undefined;
  readonly same: StoredRecord<'rollup'> | undefined;
}

/** No window is longer, so nothing that began earlier reaches into this one. */
const LONGEST_MS = 368 * DAY_MS;
/** Chains of answers are followed so far: their cost must not grow for ever. */
const FARTHEST_MS = 2 * LONGEST_MS;

export const overlaps = (a: TimeWindow, b: TimeWindow): boolean => a.startMs < b.endMs && b.startMs < a.endMs;

export const isSameWindow = (a: TimeWindow, b: TimeWindow): boolean =>
  a.startMs === b.startMs && a.endMs === b.endMs;

const releaseId = (family: string, { startMs, endMs }: TimeWindow): string =>
  `release#${family}#${instantOf(startMs)}#${instantOf(endMs)}`;

/**
 * Reads earlier answers: those that share time with the window, those that share time with these, and so on. Whoever adds and subtracts
 * may go along any such chain.
 */
export async function readLedger(
  world: Pick<World, 'records'>,
  family: string,
  window: TimeWindow,
): Promise<Ledger> {
  // Before the answers, so that one which is added meanwhile makes this attempt's own entry a conflict.
  const [head] = await world.records.readMany([{ type: 'rollup', owner: SYSTEM_OWNER, id: headId(family) }]);
  const records: StoredRecord<'rollup'>[] = [];
  let read = { fromMs: window.startMs, untilMs: window.startMs };
  let chain: readonly Release[] = [];
  for (;;) {
    const all = [window, ...chain];
    const fromMs = Math.max(
      Math.min(...all.map(({ startMs }) => startMs)) - LONGEST_MS,
      window.startMs - FARTHEST_MS,
    );
    const untilMs = Math.min(Math.max(...all.map(({ endMs }) => endMs)), window.endMs + FARTHEST_MS);
    if (fromMs >= read.fromMs && untilMs <= read.untilMs) break;
    if (fromMs < read.fromMs) records.push(...(await between(world, family, fromMs, read.fromMs)));
    if (untilMs > read.untilMs) records.push(...(await between(world, family, read.untilMs, untilMs)));
    read = { fromMs: Math.min(fromMs, read.fromMs), untilMs: Math.max(untilMs, read.untilMs) };
    chain = chainOf(window, records.map(releaseOf));
  }
  return {
    family,
    related: chain,
    near: nearOf(window, chain),
    head,
    same: records.find(({ id }) => id === releaseId(family, window)),
  };
}

/** What is reached from the window by going from one answer to another that shares time with it. */
export function chainOf(window: TimeWindow, releases: readonly Release[]): readonly Release[] {
  let [reached, left]: [readonly Release[], readonly Release[]] = [[], releases];
  let newest: readonly TimeWindow[] = [window];
  while (newest.length > 0) {
    const meets = (release: Release): boolean => newest.some((other) => overlaps(release, other));
    const found = left.filter(meets);
    left = left.filter((release) => !meets(release));
    reached = [...reached, ...found];
    newest = found;
  }
  return reached;
}

/** Answers that share time with the window, and those that share time with one of these. */
export function nearOf(window: TimeWindow, chain: readonly Release[]): readonly Release[] {
  const direct = chain.filter((release) => overlaps(release, window));
  return chain.filter((release) => [window, ...direct].some((other) => overlaps(release, other)));
}

async function between(world: Pick<World, 'records'>, family: string, fromMs: number, untilMs: number) {
  const id = (ms: number) => `release#${family}#${instantOf(Math.max(ms, EARLIEST_MS))}`;
  const ids = { from: id(fromMs), until: id(untilMs) };
  const records: StoredRecord<'rollup'>[] = [];
  for await (const record of world.records.range('rollup', SYSTEM_OWNER, ids)) records.push(record);
  return records;
}

const EARLIEST_MS = Date.parse('0000-01-01T00:00:00.000Z');

const headId = (family: string): string => `releases#${family}`;

function releaseOf({ body }: StoredRecord<'rollup'>): Release {
  const { start, end, cells, people, told } = body;
  return {
    startMs: msOf(String(start)),
    endMs: msOf(String(end)),
    cells: Array.isArray(cells) ? cells.map(String) : [],
    people: Object.fromEntries(
      Object.entries(typeof people === 'object' && people !== null ? people : {}).map(([name, count]) => [
        name,
        (Array.isArray(count) ? count : [count]).map(Number),
      ]),
    ),
    told: toldOf(told),
  };
}

/** Written by `entriesOf` only. */
function toldOf(json: unknown): Told | undefined {
  if (!isObject(json) || !isObject(json['numbers'])) return undefined;
  return { at: String(json['at']), numbers: json['numbers'], rows: Number(json['rows']) };
}

/**
 * Writes down what this answer shows. All answers of a family go through one record, so of two that are made at the same time one is
 * made again and sees the other. An answer that shows nothing new needs no entry.
 */
export function entriesOf(
  ledger: Ledger,
  window: TimeWindow,
  cells: readonly string[],
  people: Readonly<Record<string, number>>,
  told?: Told,
): readonly RecordWriteOf<'rollup'>[] {
  const { family, head, same } = ledger;
  const before = same && releaseOf(same);
  const all = [...new Set([...(before?.cells ?? []), ...cells])].sort();
  const counts: Record<string, readonly number[]> = { ...before?.people };
  for (const [name, count] of Object.entries(people))
    counts[name] = [...new Set([...(counts[name] ?? []), count])];
  const isKnown =
    before !== undefined &&
    told?.at === before.told?.at &&
    all.length === before.cells.length &&
    Object.entries(counts).every(([name, each]) => before.people[name]?.length === each.length);
  if (isKnown) return [];
  const write = { type: 'rollup', owner: SYSTEM_OWNER } as const;
  const number = (head?.state.revision ?? 0) + 1;
  const { start, end } = { start: instantOf(window.startMs), end: instantOf(window.endMs) };
  return [
    {
      ...write,
      id: releaseId(family, window),
      expect: same?.version ?? 'absent',
      state: { revision: (same?.state.revision ?? 0) + 1 },
      body: { v: 2, start, end, cells: all, people: counts, ...(told && { told: { ...told } }) },
    },
    {
      ...write,
      id: headId(family),
      expect: head?.version ?? 'absent',
      state: { revision: number },
      body: { v: 2, answers: number },
    },
  ];
}
