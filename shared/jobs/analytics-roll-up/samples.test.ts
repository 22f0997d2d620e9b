import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXACT_SAMPLES, RELATIVE_ERROR, Samples } from './samples.ts';

const samplesOf = (durations: readonly number[]): Samples => {
  const samples = new Samples();
  for (const duration of durations) samples.add(duration);
  return samples;
};

const nearestRank = (values: readonly number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil((percent * values.length) / 100) - 1] ?? Number.NaN;

/** Deterministic, spread over six powers of ten, with zeros. */
const many = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor(((index * 7919) % 1000) ** 2 * ((index % 13) / 4)));

describe('samples', () => {
  it('are null without any', () => {
    expect(new Samples().percentiles()).toEqual({ samples: 0, p50: null, p95: null, p99: null, exact: true });
  });

  it('are exact by nearest rank up to a thousand, however they are split and stored', () => {
    const durations = fc.array(fc.nat(2 ** 31), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(durations, fc.nat(400), (values, cut) => {
        const split = Samples.of(JSON.parse(JSON.stringify(samplesOf(values.slice(cut)).toJson())));
        split.merge(samplesOf(values.slice(0, cut)));
        const [p50, p95, p99] = [50, 95, 99].map((percent) => nearestRank(values, percent));
        expect(split.percentiles()).toEqual({ samples: values.length, p50, p95, p99, exact: true });
      }),
    );
  });

  it('stay exact at exactly a thousand and say so when they are no longer', () => {
    const values = many(EXACT_SAMPLES);
    expect(samplesOf(values).percentiles()).toMatchObject({ exact: true, p95: nearestRank(values, 95) });
    expect(samplesOf([...values, 1]).percentiles()).toMatchObject({ exact: false, samples: 1001 });
  });

  it('are within the stated error above that', () => {
    const values = many(20_000);
    const { p50, p95, p99 } = samplesOf(values).percentiles();
    for (const [told, percent] of [
      [p50, 50],
      [p95, 95],
      [p99, 99],
    ] as const) {
      const right = nearestRank(values, percent);
      expect(Math.abs((told ?? Number.NaN) - right)).toBeLessThanOrEqual(right * RELATIVE_ERROR + 0.001);
    }
  });

  it.each([2106, 2150, 4148, 4211])('take the very sample of nearest rank, of %s', (count) => {
    const below = Math.ceil(0.95 * count) - 1;
    const values = Array.from({ length: count }, (_, index) => (index < below ? 10 : 90_000));
    expect(Math.abs(Number(samplesOf(values).percentiles().p95) - 90_000)).toBeLessThanOrEqual(900);
  });

  it('are within it whatever they are and however they were put together', () => {
    // Durations from nothing to a month, close together or far apart.
    const one = fc.oneof(fc.constant(0), fc.nat(20), fc.nat(90_000), fc.nat(31 * 86_400_000));
    fc.assert(
      fc.property(fc.array(one, { minLength: 1001, maxLength: 3000 }), fc.nat(3000), (values, cut) => {
        const merged = samplesOf(values.slice(0, cut));
        merged.merge(Samples.of(JSON.parse(JSON.stringify(samplesOf(values.slice(cut)).toJson()))));
        const { exact, p50, p95, p99 } = merged.percentiles();
        expect(exact).toBe(false);
        for (const [told, percent] of [
          [p50, 50],
          [p95, 95],
          [p99, 99],
        ] as const) {
          const right = nearestRank(values, percent);
          expect(Math.abs((told ?? Number.NaN) - right)).toBeLessThanOrEqual(right * RELATIVE_ERROR + 0.001);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('merge to what their union gives, lists and sketches in any order', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(many(2600)),
        fc.array(fc.nat(2600), { maxLength: 4 }),
        (values, cuts) => {
          const ends = [0, ...cuts.map((cut) => Math.min(cut, values.length)), values.length].sort(
            (a, b) => a - b,
          );
          const merged = new Samples();
          for (const [index, end] of ends.entries()) {
            const part = samplesOf(values.slice(ends[index - 1] ?? 0, end)).toJson();
            merged.merge(Samples.of(JSON.parse(JSON.stringify(part))));
          }
          expect(merged.toJson()).toEqual(samplesOf(values).toJson());
          expect(merged.percentiles()).toEqual(samplesOf(values).percentiles());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('take clock skew and fractions as whole milliseconds', () => {
    expect(samplesOf([-3, 1.6]).percentiles()).toMatchObject({ p50: 0, p99: 2 });
  });
});
