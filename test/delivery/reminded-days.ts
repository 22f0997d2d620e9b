import type { StoredRecord } from '#shared/jobs/ports.ts';
import { expectedInstants, type Rule } from '#test/builders/expansion-oracle.ts';
import { medicationOf, type RemindedYear, type Stretch } from '#test/builders/reminded-year.ts';
import type { Left } from '#test/builders/virtual-deployment.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#test/builders/wall-clock-oracle.ts';
import { brokenPromises } from './broken-promises.ts';

/** An hour in which the rule that fires every minute does not, in milliseconds. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

/** A dose that falls into an hour without the tick may be found this much before the hour is over, or after it began. */
const MADE_AHEAD_MS = 5 * 60_000;

/** What became of a stretch of days. */
export interface Played {
  /** What went otherwise than promised: nothing, if all is well. */
  readonly broken: string[];
  /** How many doses were told late, and how many not at all. */
  readonly late: number;
  readonly notSent: number;
}

/** Plays one stretch of days and holds what was told against a second opinion on when doses are due. */
export async function played(
  year: RemindedYear,
  rules: readonly Rule[],
  zone: string,
  stretch: Stretch,
  outages: readonly Outage[] = [],
): Promise<Played> {
  const world = await year.at(stretch.from);
  world.tickIsOut = (minute) =>
    outages.some(({ from, until }) => Date.parse(minute) >= from && Date.parse(minute) < until);
  // What is due in the last minute is told within the next one; an outage at its end is waited for.
  const after = outages.length > 0 ? 2 * HOUR_MS : 2 * MINUTE_MS;
  await world.runUntil(new Date(Date.parse(stretch.until) + after).toISOString());

  const wanted = rules.flatMap((rule, index) => {
    const [first = 0, last = 0] = [stretch.days[0], stretch.days.at(-1)];
    // A dose of the day before or after may lie beyond midnight, where a gap has moved it.
    const days = [first - DAY_MS, ...stretch.days, last + DAY_MS];
    return expectedInstants(rule, zone, days)
      .map((ms) => new Date(ms).toISOString())
      .filter((due) => due >= stretch.from && due < stretch.until)
      .map((due) => `${medicationOf(index)} ${due}`);
  });
  const isLooked = ({ due_at }: Left) => due_at < stretch.until;
  const left = world.left.filter(isLooked);
  const notSent = [...world.engine.db.records.values()]
    .filter((record): record is StoredRecord<'occurrence'> => record.type === 'occurrence')
    .filter(({ state }) => state.status === 'not_sent' && state.dueAt < stretch.until);
  const found = [
    ...left.map((one) => `${one.medication_id} ${one.due_at}`),
    ...notSent.map(({ state, body }) => `${body.medicationId} ${state.dueAt}`),
  ];
  const broken = [
    ...difference(wanted, found).map((dose) => `${dose}: neither told nor recorded as not sent`),
    ...difference(found, wanted).map((dose) => `${dose}: told or recorded, but not due, or twice`),
    ...brokenPromises(left),
    ...left.flatMap((one) => lateness(one, outages)),
    ...notSent.flatMap(({ state }) => untold(state, outages)),
  ];
  return { broken, late: left.filter(({ late }) => late).length, notSent: notSent.length };
}

/** What is in `a` more often than in `b`. */
function difference(a: readonly string[], b: readonly string[]): string[] {
  const rest = new Map<string, number>();
  for (const one of b) rest.set(one, (rest.get(one) ?? 0) + 1);
  return a.filter((one) => {
    const count = rest.get(one) ?? 0;
    rest.set(one, count - 1);
    return count <= 0;
  });
}

/** Later than a minute only what an outage held up, and then at once when it is over. */
function lateness({ at, due_at, medication_id, possible_duplicate, late }: Left, outages: readonly Outage[]) {
  const [left, due] = [Date.parse(at), Date.parse(due_at)];
  const heldUp = outages.some(
    ({ from, until }) => due >= from - MADE_AHEAD_MS && due < until && left - until <= 60_000,
  );
  const isLate = left - due > 60_000;
  return [
    ...(isLate && !heldUp ? [`${medication_id} ${due_at}: told at ${at}, and nothing held it up`] : []),
    ...(late !== isLate ? [`${medication_id} ${due_at}: told at ${at}, and says late: ${late}`] : []),
    ...(possible_duplicate ? [`${medication_id} ${due_at}: flagged although nothing failed`] : []),
  ];
}

/** Not sent only what was due in an outage, and whose window had passed at its end. */
function untold(state: StoredRecord<'occurrence'>['state'], outages: readonly Outage[]): string[] {
  const [due, expires] = [Date.parse(state.dueAt), Date.parse(state.expiresAt ?? '')];
  const isOurs = outages.some(({ from, until }) => due >= from && expires <= until);
  return isOurs && state.reason === 'too_late'
    ? []
    : [`${state.dueAt}: not sent as ${state.reason}, although it could have been`];
}
