import type { JsonObject, RecordWrite, World } from '../ports.ts';
import { adherenceNumbers } from './adherence-numbers.ts';
import type { Again } from './compose.ts';
import type { Coverage } from './coverage.ts';
import { jobNumbers } from './job-numbers.ts';
import { type Family, familiesOf, measuresOf, PERSON_FAMILIES, type PersonFamily } from './metrics-types.ts';
import { doseOutcomes, personNumbers, WHOLE } from './person-numbers.ts';
import { composeInPieces, type InPieces } from './pieces.ts';
import type { Tallies } from './read-rows.ts';
import { entriesOf, type Ledger, readLedger } from './releases.ts';
import { securityNumbers } from './security-numbers.ts';
import { mayShowPeople, showCells } from './show-cells.ts';
import { Tally } from './tally.ts';
import type { TimeWindow } from './time-window.ts';

export interface AnswerQuestion {
  readonly window: TimeWindow;
  readonly timeZone: string;
  readonly asked: readonly string[];
  /** The numbers of the whole window, when they were just stored. */
  readonly kept: Tallies | undefined;
  /** Hours to which data came late: their records are not used. */
  readonly again: Again;
  readonly coverage: Coverage;
}

export interface Answer {
  readonly metrics: JsonObject;
  readonly inputs: JsonObject;
  /** Rows that came late; `null` when the number of all rows is withheld. */
  readonly late: number | null;
  /** How many numbers are withheld. */
  readonly suppressed: number;
  /** What is shown about people, written down for later answers. */
  readonly writes: readonly RecordWrite[];
}

/** The metrics that were asked for, without what would tell of few people. */
export async function answerAbout(world: World, question: AnswerQuestion): Promise<Answer> {
  const { window, asked } = question;
  const families = familiesOf(asked);
  const people = PERSON_FAMILIES.filter((family) => families.includes(family));
  const ledgers = new Map<string, Ledger>();
  for (const family of [...people, ...(asked.includes('adherence') ? ['adherence'] : [])])
    ledgers.set(family, await readLedger(world, family, window));
  const found = await tallied(
    world,
    question,
    families,
    people.flatMap((family) => ledgers.get(family) ?? []),
  );

  const metrics: Record<string, JsonObject> = {};
  const writes: RecordWrite[] = [];
  const inputs: Record<string, number | null> = {};
  for (const family of families) {
    const tally = found.tallies.get(family) ?? new Tally();
    if (family === 'jobs') metrics[family] = jobNumbers(tally, measuresOf(asked));
    else if (family === 'security') metrics[family] = securityNumbers(tally, window);
    else {
      const ledger = ledgers.get(family);
      if (ledger) writes.push(...addPersonMetrics(metrics, question, family, tally, found, ledger));
    }
  }
  const ledger = ledgers.get('adherence');
  if (ledger) {
    const { numbers, people: shown, rows } = await adherenceNumbers(world, window, question.timeZone, ledger);
    metrics['adherence'] = { ...numbers, ...metrics['adherence'] };
    inputs['fills_read'] = numbers['people_with_fills'] === null ? null : rows;
    writes.push(...entriesOf(ledger, window, [], shown));
  }
  return {
    metrics: Object.fromEntries(Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1))),
    inputs,
    // Only doses can come late.
    late: isDueWithheld(metrics) ? null : (found.tallies.get('reminders')?.late ?? 0),
    suppressed: suppressedIn(metrics),
    writes,
  };
}

/** What was just stored, when no earlier answer cuts the window into pieces. */
async function tallied(
  world: World,
  { window, kept, again, coverage }: AnswerQuestion,
  families: readonly Family[],
  ledgers: readonly Ledger[],
): Promise<InPieces> {
  if (kept && ledgers.length === 0) return { tallies: kept, pieces: [] };
  return composeInPieces(world, window, families, ledgers, coverage, { kept, again });
}

/** Doses are counted once, and told as reminders, as part of adherence, or as both. */
function addPersonMetrics(
  metrics: Record<string, JsonObject>,
  { window, asked }: AnswerQuestion,
  family: PersonFamily,
  tally: Tally,
  { pieces }: InPieces,
  ledger: Ledger,
): readonly RecordWrite[] {
  const cells = showCells(family, window, tally, pieces, ledger);
  const count = tally.people.count(() => true);
  const mayShow = cells.shown.includes(WHOLE[family]) && mayShowPeople('people', count, window, ledger);
  const people = mayShow ? count : null;
  if (asked.includes(family)) metrics[family] = personNumbers(family, cells, tally, people);
  if (family === 'reminders' && asked.includes('adherence'))
    metrics['adherence'] = { doses: doseOutcomes(cells) };
  return entriesOf(ledger, window, cells.shown, people === null ? {} : { people });
}

function isDueWithheld({ reminders, adherence }: JsonObject): boolean {
  const told = [reminders, isObject(adherence) ? adherence['doses'] : undefined];
  return told.some((doses) => isObject(doses) && doses['due'] === null);
}

const isObject = (json: unknown): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

function suppressedIn(metrics: JsonObject): number {
  return Object.values(metrics).reduce<number>((sum, value) => {
    if (!isObject(value)) return sum;
    const entries = Object.entries(value);
    const own = entries.find(([name]) => name === 'suppressed')?.[1];
    const inner = Object.fromEntries(entries.filter(([name]) => name === 'doses'));
    return sum + (Array.isArray(own) ? own.length : 0) + suppressedIn(inner);
  }, 0);
}
