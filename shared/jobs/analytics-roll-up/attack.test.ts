import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalOf, type ToldSums } from '#test/builders/interval-attacker.ts';
import { cellsOf } from './cells.ts';
import { SMALL_CELL } from './derivable.ts';
import type { PersonFamily } from './metrics-types.ts';
import { cut } from './pieces.ts';
import { chainOf, nearOf, type Release } from './releases.ts';
import { showCells } from './show-cells.ts';
import { Tally } from './tally.ts';
import type { TimeWindow } from './time-window.ts';

// Whoever holds all answers against each other, and knows that no number is less than zero: what can they say of a small cell?

const KEYS: Readonly<Record<PersonFamily, readonly string[]>> = {
  // Two ways to divide the same doses, and reasons below one of them.
  reminders: [
    'taken|on_time',
    'taken|late',
    'skipped|on_time',
    'skipped|late|after',
    'missed|late',
    'not_sent:paused|untold',
    'not_sent:too_late|untold',
    'taken|untold',
  ],
  refills: ['check:ok', 'check:soon', 'check:now', 'check:not_known'],
  supply: ['projected:ok', 'projected:now', 'other:stopped', 'other:no_data', 'changes_told'],
  interactions: [
    'check:findings',
    'check:incomplete',
    'check:none_found',
    'finding:major',
    'finding:minor',
    'entry:recognised',
    'entry:unrecognised',
    'not_assessed',
  ],
};
const DAYS = 3;

interface Entry {
  readonly day: number;
  readonly key: number;
  readonly first: number;
  readonly people: number;
}

/** What happened: `each` times to every person of an entry. */
function tallyOf(
  family: PersonFamily,
  entries: readonly Entry[],
  { startMs, endMs }: TimeWindow,
  each: number,
) {
  const tally = new Tally();
  for (const { day, key, first, people } of entries)
    if (day >= startMs && day < endMs)
      for (let person = first; person < first + people; person += 1)
        tally.add(KEYS[family][key % KEYS[family].length] ?? '', each, `${person}`);
  return tally;
}

/** One answer after the other, each held against those before. */
function answers(
  family: PersonFamily,
  entries: readonly Entry[],
  windows: readonly TimeWindow[],
  each: number,
) {
  const releases: Release[] = [];
  const told: { readonly window: TimeWindow; readonly name: string; readonly value: number }[] = [];
  for (const window of windows) {
    const related = chainOf(window, releases);
    const pieces = cut(window, related).map((piece) => ({
      ...piece,
      crowds: new Map([[family, tallyOf(family, entries, piece, each).people.crowds(SMALL_CELL)]]),
    }));
    const tally = tallyOf(family, entries, window, each);
    const ledger = { family, related, near: nearOf(window, related), head: undefined, same: undefined };
    const { numbers, shown } = showCells(family, window, tally, pieces, ledger);
    for (const name of shown) told.push({ window, name, value: numbers.get(name) ?? 0 });
    releases.push({ ...window, cells: shown, people: {}, told: undefined });
  }
  return told;
}

function attacked(
  family: PersonFamily,
  entries: readonly Entry[],
  windows: readonly TimeWindow[],
  each: number,
) {
  const atoms = Array.from({ length: DAYS }, (_, day) => KEYS[family].map((key) => ({ day, key }))).flat();
  const named = cellsOf(family, KEYS[family]);
  const rowOf = ({ startMs, endMs }: TimeWindow, fits: (key: string) => boolean) =>
    atoms.map(({ day, key }) => (day >= startMs && day < endMs && fits(key) ? 1 : 0));
  const told = answers(family, entries, windows, each);
  const sums: ToldSums = {
    rows: told.map(({ window, name }) => rowOf(window, named.get(name) ?? (() => false))),
    values: told.map(({ value }) => value),
  };
  const wanted = [
    ...windows.flatMap((window) => [...named.values()].map((fits) => ({ window, fits }))),
    ...atoms.map(({ day, key }) => ({
      window: { startMs: day, endMs: day + 1 },
      fits: (other: string) => other === key,
    })),
  ];
  return wanted.flatMap(({ window, fits }) => {
    const people = tallyOf(family, entries, window, each).people.count(fits);
    if (people === 0 || people > SMALL_CELL) return [];
    return [{ people, ...intervalOf(sums, rowOf(window, fits)) }];
  });
}

const entry = fc.record({
  day: fc.nat(DAYS - 1),
  key: fc.nat(7),
  first: fc.nat(60),
  people: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 11, max: 40 })),
});
const window = fc
  .tuple(fc.nat(DAYS - 1), fc.nat(DAYS - 1))
  .map(([a, b]) => ({ startMs: Math.min(a, b), endMs: Math.max(a, b) + 1 }));
const world = fc.record({
  family: fc.constantFrom<PersonFamily>('reminders', 'refills', 'supply', 'interactions'),
  entries: fc.array(entry, { minLength: 1, maxLength: 20 }),
  windows: fc.array(window, { minLength: 1, maxLength: 4 }),
});
/** Four answers of which the first and the last tell of one person only together with both others. */
const CHAIN = {
  family: 'reminders',
  entries: [
    { day: 1, key: 0, first: 0, people: 1 },
    { day: 0, key: 5, first: 0, people: 11 },
    { day: 2, key: 5, first: 0, people: 11 },
    { day: 1, key: 5, first: 0, people: 11 },
    { day: 0, key: 0, first: 1, people: 11 },
  ],
  windows: [
    { startMs: 2, endMs: 3 },
    { startMs: 0, endMs: 2 },
    { startMs: 1, endMs: 3 },
    { startMs: 0, endMs: 1 },
  ],
} as const;
const RUNS = Number(process.env['ATTACKS'] ?? 150);

describe('from all that is told, and knowing that nothing is less than zero', () => {
  it('no small cell can be placed between 1 and 10, nor is it told exactly', () => {
    fc.assert(
      fc.property(world, ({ family, entries, windows }) => {
        for (const { low, high } of attacked(family, entries, windows, 1)) {
          expect(low < 0.5 || high > SMALL_CELL + 0.5, `between ${low} and ${high}`).toBe(true);
          expect(high - low, `between ${low} and ${high}`).toBeGreaterThan(0.5);
        }
      }),
      { numRuns: RUNS, examples: [[{ ...CHAIN, entries: [...CHAIN.entries], windows: [...CHAIN.windows] }]] },
    );
  }, 600_000);

  it('but it could be, where only the small cells themselves were left out', () => {
    const entries = [12, 20, 3].map((people, key) => ({ day: 0, key, first: 100 * key, people }));
    const names = ['check:ok', 'check:soon', 'check:now'];
    const tally = tallyOf('refills', entries, { startMs: 0, endMs: 1 }, 1);
    const rows = [
      [1, 1, 1],
      ...names.slice(0, 2).map((name) => names.map((other) => Number(name === other))),
    ];
    expect(intervalOf({ rows, values: [tally.sum(() => true), 12, 20] }, [0, 0, 1])).toEqual({
      low: 3,
      high: 3,
    });
    expect(intervalOf({ rows: rows.slice(0, 2), values: [35, 12] }, [0, 0, 1])).toEqual({ low: 0, high: 23 });
    expect(attacked('refills', entries, [{ startMs: 0, endMs: 1 }], 1)).not.toEqual([]);
  });

  it('no small cell is told exactly, however much happened to its people', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 2, max: 30 }), ({ family, entries, windows }, each) => {
        for (const { low, high } of attacked(family, entries, windows, each))
          expect(high - low, `between ${low} and ${high}`).toBeGreaterThan(0.5);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);
});
