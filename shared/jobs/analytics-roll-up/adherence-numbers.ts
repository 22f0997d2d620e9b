import { dateAt } from '../../clinical/index.ts';
import { instantOf } from '../../lifecycle/instant.ts';
import type { JsonObject, World } from '../ports.ts';
import type { Treated } from './days-covered.ts';
import { type Crowd, isSmall, SMALL_CELL, union } from './derivable.ts';
import { rate } from './rate.ts';
import { isSameWindow, type Ledger, overlaps } from './releases.ts';
import { mayShowPeople } from './show-cells.ts';
import { type Dates, readFillers, readTherapies, type Therapies } from './therapies.ts';
import type { TimeWindow } from './time-window.ts';
import { withheld } from './withhold.ts';

export interface AdherenceNumbers {
  readonly numbers: JsonObject;
  /** Numbers of people that are shown, by name. */
  readonly people: Readonly<Record<string, number>>;
  readonly rows: number;
}

/** The threshold of the Pharmacy Quality Alliance (PQA). */
const COVERED = 0.8;
/** Ratios of whole days that are equal to the threshold must not fall below it for a rounding. */
const EPSILON = 1e-9;

const STANDINGS = ['adherent', 'below', 'outside'] as const;
type Standing = (typeof STANDINGS)[number];

/** PDC by person: the mean of their therapies that count, then the mean of the people and the share of at least 0.80. */
export async function adherenceNumbers(
  world: Pick<World, 'events'>,
  window: TimeWindow,
  timeZone: string,
  ledger: Ledger,
): Promise<AdherenceNumbers> {
  const dates = datesOf(window, timeZone);
  const therapies = await readTherapies(world, dates);
  const counting = [...therapies.people.values()].filter(({ counted }) => counted > 0);
  const means = counting.map(meanOf);
  // People and therapies together would tell who has more than one.
  const several = counting.filter(({ counted }) => counted > 1).length;
  const counts = {
    people_with_fills: therapies.people.size,
    people: means.length,
    people_at_least_80: means.filter((mean) => mean >= COVERED - EPSILON).length,
  };
  const hidden = new Set([
    ...hiddenWithin(therapies, counts),
    ...Object.entries(counts).flatMap(([name, count]) =>
      mayShowPeople(name, count, window, ledger) ? [] : [name],
    ),
    ...((await differByFew(world, window, timeZone, ledger, therapies)) ? Object.keys(counts) : []),
  ]);
  const shown = (name: keyof typeof counts) => (hidden.has(name) ? null : counts[name]);
  const people = shown('people');
  const tellsTherapies = people !== null && (several === 0 || several > SMALL_CELL);
  const mean = means.reduce((sum, one) => sum + one, 0);
  return {
    numbers: {
      people_with_fills: shown('people_with_fills'),
      people,
      therapies: tellsTherapies ? therapies.therapies : null,
      pdc_mean: people === null ? null : rate(mean, means.length),
      people_at_least_80: shown('people_at_least_80'),
      share_at_least_80: rate(shown('people_at_least_80'), people),
      suppressed: [...hidden, ...(tellsTherapies ? [] : ['therapies'])],
    },
    people: Object.fromEntries(Object.entries(counts).filter(([name]) => !hidden.has(name))),
    rows: therapies.rows,
  };
}

const meanOf = ({ counted, covered }: Treated): number => covered / counted;

const datesOf = ({ startMs, endMs }: TimeWindow, timeZone: string) => ({
  from: dateAt(instantOf(startMs), timeZone),
  until: dateAt(instantOf(endMs), timeZone),
});

/** People who count are told beside people with fills: who does not count is their difference, who is not adherent another one. */
function hiddenWithin({ people }: Therapies, counts: Readonly<Record<string, number>>): ReadonlySet<string> {
  const crowds: Record<Standing, Set<string>> = { adherent: new Set(), below: new Set(), outside: new Set() };
  for (const [person, treated] of people) {
    const standing =
      treated.counted === 0 ? 'outside' : meanOf(treated) >= COVERED - EPSILON ? 'adherent' : 'below';
    if (crowds[standing].size <= SMALL_CELL) crowds[standing].add(person);
  }
  const columns = STANDINGS.filter((standing) => crowds[standing].size > 0);
  const candidate = (name: string, parts: readonly Standing[]) => ({
    name,
    row: columns.map((standing) => (parts.includes(standing) ? 1 : 0)),
    people: parts.reduce<Crowd>((crowd, standing) => union(crowd, crowds[standing]), new Set()),
    size: counts[name] ?? 0,
  });
  return withheld(
    columns.map((standing) => crowds[standing]),
    [],
    [
      candidate('people_with_fills', STANDINGS),
      candidate('people', ['adherent', 'below']),
      candidate('people_at_least_80', ['adherent']),
    ],
  );
}

/** Whether an overlapping earlier answer holds days, or leaves out days, on which 1 to 10 people had a fill. */
async function differByFew(
  world: Pick<World, 'events'>,
  window: TimeWindow,
  timeZone: string,
  ledger: Ledger,
  { fillers }: Therapies,
): Promise<boolean> {
  const dates = datesOf(window, timeZone);
  const others = ledger.related
    .filter((release) => overlaps(release, window) && !isSameWindow(release, window))
    .map((release) => datesOf(release, timeZone));
  const [from = dates.from] = [dates, ...others].map((range) => range.from).sort();
  const until =
    [dates, ...others]
      .map((range) => range.until)
      .sort()
      .at(-1) ?? dates.until;
  const all = new Map([
    ...fillers,
    ...(await readFillers(world, { from, until: dates.from })),
    ...(await readFillers(world, { from: dates.until, until })),
  ]);
  const isIn = (date: string, range: Dates) => date >= range.from && date < range.until;
  return others.some((other) =>
    isSmall(
      [...all]
        .filter(([date]) => isIn(date, dates) !== isIn(date, other))
        .reduce<Crowd>((crowd, [, own]) => union(crowd, own), new Set()),
    ),
  );
}
