import { dateAt } from '../../clinical/index.ts';
import { instantOf, msOf } from '../../lifecycle/instant.ts';
import type { JsonObject, RecordWrite, World } from '../ports.ts';
import type { Treated } from './days-covered.ts';
import { type Crowd, isSmall, SMALL_CELL, union } from './derivable.ts';
import { rate } from './rate.ts';
import { entriesOf, isSameWindow, type Ledger, overlaps } from './releases.ts';
import { IN_FLIGHT_MS, isExpired } from './settled.ts';
import { mayShowPeople } from './show-cells.ts';
import { type Dates, isIn, readFillers, readTherapies, type Therapies } from './therapies.ts';
import type { TimeWindow } from './time-window.ts';
import { withheld } from './withhold.ts';

export interface AdherenceNumbers {
  readonly numbers: JsonObject;
  /** Dispensings that were read. */
  readonly rows: number;
  /** What is shown, written down for later answers. */
  readonly writes: readonly RecordWrite[];
}

/** The threshold of the Pharmacy Quality Alliance (PQA). */
const COVERED = 0.8;
/** Ratios of whole days that are equal to the threshold must not fall below it for a rounding. */
const EPSILON = 1e-9;

const STANDINGS = ['adherent', 'below', 'outside'] as const;
type Standing = (typeof STANDINGS)[number];

/**
 * PDC by person: the mean of their therapies that count, then the mean of the people and the share of at least 0.80. Numbers that
 * were told of the same window stand as long as no more than ten people's fills were written down since.
 */
export async function adherenceNumbers(
  world: Pick<World, 'events' | 'now'>,
  window: TimeWindow,
  timeZone: string,
  ledger: Ledger,
): Promise<AdherenceNumbers> {
  const before = ledger.related.find((release) => isSameWindow(release, window))?.told;
  // Fills of its first days may be gone: whoever counted the rest would tell too little.
  if (isExpired(world, window)) return { numbers: NO_ADHERENCE, rows: 0, ...before, writes: [] };
  const earlier = ledger.related.filter((release) => overlaps(release, window));
  const watched = earlier.map(({ told, ...release }) => ({
    ...datesOf(release, timeZone),
    // What was written shortly before may not have been readable yet.
    at: told ? instantOf(msOf(told.at) - IN_FLIGHT_MS) : '',
  }));
  const therapies = await readTherapies(world, datesOf(window, timeZone), watched);
  const same = earlier.findIndex((release) => isSameWindow(release, window));
  if (before && (therapies.changed[same]?.size ?? 0) <= SMALL_CELL) return { ...before, writes: [] };
  const outside = await fillersOutside(world, datesOf(window, timeZone), watched, therapies);
  const differsByFew = watched.some((other, index) =>
    isSmall(
      [...outside]
        .filter(([date]) => isIn(date, datesOf(window, timeZone)) !== isIn(date, other))
        .reduce<Crowd>((crowd, [, own]) => union(crowd, own), therapies.changed[index] ?? new Set()),
    ),
  );
  const { numbers, people } = numbersOf(therapies, window, ledger, differsByFew);
  const { rows } = therapies;
  const isShown = Object.keys(people).length > 0;
  const release = isShown ? { at: world.now(), numbers, rows } : undefined;
  return { numbers, rows, writes: isShown ? entriesOf(ledger, window, [], people, release) : [] };
}

function numbersOf(therapies: Therapies, window: TimeWindow, ledger: Ledger, differsByFew: boolean) {
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
    ...(differsByFew ? Object.keys(counts) : []),
  ]);
  const shown = (name: keyof typeof counts) => (hidden.has(name) ? null : counts[name]);
  const people = shown('people');
  const tellsTherapies = people !== null && (several === 0 || several > SMALL_CELL);
  const mean = means.reduce((sum, one) => sum + one, 0);
  const numbers: JsonObject = {
    people_with_fills: shown('people_with_fills'),
    people,
    therapies: tellsTherapies ? therapies.therapies : null,
    pdc_mean: people === null ? null : rate(mean, means.length),
    people_at_least_80: shown('people_at_least_80'),
    share_at_least_80: rate(shown('people_at_least_80'), people),
    suppressed: [...hidden, ...(tellsTherapies ? [] : ['therapies'])],
  };
  return {
    numbers,
    people: Object.fromEntries(Object.entries(counts).filter(([name]) => !hidden.has(name))),
  };
}

/** None of the numbers is told before they are settled, or once fills may be gone. */
export const NO_ADHERENCE: JsonObject = {
  people_with_fills: null,
  people: null,
  therapies: null,
  pdc_mean: null,
  people_at_least_80: null,
  share_at_least_80: null,
  suppressed: ['people_with_fills', 'people', 'people_at_least_80', 'therapies'],
};

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

/** Who had a fill, by date, on all dates of the window and of the answers that overlap with it. */
async function fillersOutside(
  world: Pick<World, 'events'>,
  dates: Dates,
  others: readonly Dates[],
  { fillers }: Therapies,
): Promise<ReadonlyMap<string, Crowd>> {
  const [from = dates.from] = [dates, ...others].map((range) => range.from).sort();
  const until =
    [dates, ...others]
      .map((range) => range.until)
      .sort()
      .at(-1) ?? dates.until;
  return new Map([
    ...fillers,
    ...(await readFillers(world, { from, until: dates.from })),
    ...(await readFillers(world, { from: dates.until, until })),
  ]);
}
