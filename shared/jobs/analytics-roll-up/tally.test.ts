import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personOf } from './people.ts';
import { Tally } from './tally.ts';

const row = fc.record({
  person: fc.nat(30),
  key: fc.constantFrom('a', 'b', 'c|d'),
  count: fc.nat(3),
  ms: fc.nat(9),
});
type Row = { person: number; key: string; count: number; ms: number };

function tallyOf(rows: readonly Row[]): Tally {
  const tally = new Tally();
  for (const { person, key, count, ms } of rows) {
    tally.rows += 1;
    tally.add(key, count, personOf(`user-${person}`));
    tally.sample(key, ms);
  }
  return tally;
}

const stored = (tally: Tally): Tally => Tally.of(JSON.parse(tally.toText()));

describe('a tally', () => {
  it('of parts that were stored and merged is that of all rows, in any order', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), fc.nat(80), (rows, cut) => {
        const merged = stored(tallyOf(rows.slice(cut)));
        merged.merge(stored(tallyOf(rows.slice(0, cut))));
        expect(merged.toText()).toBe(tallyOf(rows).toText());
      }),
    );
  });

  it('counts distinct people over parts, and by key', () => {
    const all = tallyOf([
      { person: 1, key: 'a', count: 1, ms: 0 },
      { person: 2, key: 'a', count: 2, ms: 0 },
    ]);
    all.merge(
      tallyOf([
        { person: 2, key: 'b', count: 1, ms: 0 },
        { person: 3, key: 'b', count: 1, ms: 0 },
      ]),
    );
    expect(all.people.count(() => true)).toBe(3);
    expect(all.people.count((key) => key === 'b')).toBe(2);
    expect(all.people.crowds(10).get('a')?.size).toBe(2);
    expect(all.people.crowds(1).get('a')?.size).toBe(2);
    expect(all.people.crowds(0).get('a')?.size).toBe(1);
  });

  it('holds 64 bits of a hash and nothing of the ref itself', () => {
    const text = tallyOf([{ person: 7, key: 'a', count: 1, ms: 0 }]).toText();
    expect(text).not.toContain('user-7');
    expect(personOf('user-7')).toMatch(/^[0-9a-f]{16}$/);
  });
});
