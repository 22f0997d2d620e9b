import type { JsonObject, RecordWrite, World } from '../ports.ts';
import { adherenceNumbers, NO_ADHERENCE } from './adherence-numbers.ts';
import { cellsOf, LATE_EVENTS } from './cells.ts';
import type { Coverage } from './coverage.ts';
import { changedWhereCut } from './cut-hours.ts';
import { isObject } from './is-object.ts';
import { jobNumbers } from './job-numbers.ts';
import { type Family, familiesOf, isPersonFamily, measuresOf, type PersonFamily } from './metrics-types.ts';
import { doseOutcomes, personNumbers, WHOLE } from './person-numbers.ts';
import { composeInPieces, type InPieces } from './pieces.ts';
import type { Tallies } from './read-rows.ts';
import { entriesOf, type Ledger, readLedger } from './releases.ts';
import { securityNumbers } from './security-numbers.ts';
import { isSettled } from './settled.ts';
import { mayShowPeople, mayShowRepeats, REPEATS, type ShownCells, showCells } from './show-cells.ts';
import { Tally } from './tally.ts';
import type { TimeWindow } from './time-window.ts';

export interface AnswerQuestion {
  readonly window: TimeWindow;
  readonly timeZone: string;
  readonly asked: readonly string[];
  /** The numbers of the whole window, when they were just stored. */
  readonly kept: Tallies | undefined;
  readonly coverage: Coverage;
}

export interface Answer {
  readonly metrics: JsonObject;
  readonly inputs: JsonObject;
  /** Doses of which data came late; `null`: withheld. */
  readonly late: number | null;
  /** How many numbers are withheld. */
  readonly suppressed: number;
  /** What is shown about people, written down for later answers. */
  readonly writes: readonly RecordWrite[];
}

/**
 * The metrics that were asked for, without what would tell of few people. Before a window is settled nothing is told of people: what
 * changes from one answer to the next would be what one of them did.
 */
export async function answerAbout(world: World, question: AnswerQuestion): Promise<Answer> {
  const { window, asked } = question;
  const settled = isSettled(world, window);
  const families = familiesOf(asked);
  const people = families.filter(isPersonFamily);
  const ledgers = new Map<string, Ledger>();
  if (settled)
    for (const family of [...people, ...(asked.includes('adherence') ? ['adherence'] : [])])
      ledgers.set(family, await readLedger(world, family, window));
  const related = people.flatMap((family) => ledgers.get(family) ?? []);
  const counted = settled ? families : families.filter((family) => !isPersonFamily(family));
  const found = await tallied(world, question, counted, related);
  const divided = settled ? await changedWhereCut(world, window, related, people) : new Set<Family>();

  const metrics: Record<string, JsonObject> = {};
  const writes: RecordWrite[] = [];
  const inputs: Record<string, number | null> = {};
  let late: number | null = 0;
  for (const family of families) {
    const tally = found.tallies.get(family) ?? new Tally();
    if (!isPersonFamily(family)) {
      metrics[family] =
        family === 'jobs' ? jobNumbers(tally, measuresOf(asked)) : securityNumbers(tally, window);
      continue;
    }
    const ledger = divided.has(family) ? undefined : ledgers.get(family);
    const told = ledger ? toldOf(question, family, tally, found, ledger) : nothingTold(family);
    writes.push(...told.writes);
    if (asked.includes(family)) metrics[family] = personNumbers(family, told.cells, tally, told.people);
    if (family !== 'reminders') continue;
    // Doses are counted once, and told as reminders, as part of adherence, or as both; only they can come late.
    if (asked.includes('adherence')) metrics['adherence'] = { doses: doseOutcomes(told.cells) };
    late = told.cells.numbers.get(LATE_EVENTS) ?? null;
  }
  if (asked.includes('adherence')) {
    const ledger = ledgers.get('adherence');
    const adherence = ledger && (await adherenceNumbers(world, window, question.timeZone, ledger));
    const numbers = adherence?.numbers ?? NO_ADHERENCE;
    metrics['adherence'] = { ...numbers, ...metrics['adherence'] };
    inputs['fills_read'] = numbers['people_with_fills'] === null ? null : (adherence?.rows ?? null);
    writes.push(...(adherence?.writes ?? []));
  }
  return {
    metrics: Object.fromEntries(Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1))),
    inputs,
    late,
    suppressed: suppressedIn(metrics),
    writes,
  };
}

/** What was just stored, when no earlier answer cuts the window into pieces. */
async function tallied(
  world: World,
  { window, kept, coverage }: AnswerQuestion,
  families: readonly Family[],
  ledgers: readonly Ledger[],
): Promise<InPieces> {
  if (kept && ledgers.length === 0) return { tallies: kept, pieces: [] };
  return composeInPieces(world, window, families, ledgers, coverage, kept);
}

interface ToldOfPeople {
  readonly cells: ShownCells;
  readonly people: number | null;
  readonly writes: readonly RecordWrite[];
}

function toldOf(
  { window }: AnswerQuestion,
  family: PersonFamily,
  tally: Tally,
  { pieces }: InPieces,
  ledger: Ledger,
): ToldOfPeople {
  const cells = showCells(family, window, tally, pieces, ledger);
  const count = tally.people.count(() => true);
  const whole = cells.numbers.get(WHOLE[family]) ?? null;
  const repeats = (whole ?? 0) - count;
  const mayShow =
    whole !== null &&
    mayShowPeople('people', count, window, ledger) &&
    mayShowRepeats(repeats, window, ledger);
  const told = mayShow ? { people: count, [REPEATS]: repeats } : {};
  return { cells, people: mayShow ? count : null, writes: entriesOf(ledger, window, cells.shown, told) };
}

function nothingTold(family: PersonFamily): ToldOfPeople {
  const names = [...cellsOf(family, []).keys()];
  const numbers = new Map(names.map((name) => [name, null]));
  return { cells: { numbers, shown: [], suppressed: names }, people: null, writes: [] };
}

function suppressedIn(metrics: JsonObject): number {
  return Object.values(metrics).reduce<number>((sum, value) => {
    if (!isObject(value)) return sum;
    const entries = Object.entries(value);
    const own = entries.find(([name]) => name === 'suppressed')?.[1];
    const inner = Object.fromEntries(entries.filter(([name]) => name === 'doses'));
    return sum + (Array.isArray(own) ? own.length : 0) + suppressedIn(inner);
  }, 0);
}
