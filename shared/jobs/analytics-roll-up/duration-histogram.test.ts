import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '#test/data/rollup-vectors.json' with { type: 'json' };
import { DurationHistogram, EXACT_BELOW_MS, RELATIVE_ERROR_ABOVE } from './duration-histogram.ts';

const histogramOf = (durations: readonly number[]): DurationHistogram => {
  const histogram = new DurationHistogram();
  for (const duration of durations) histogram.add(duration);
  return histogram;
};

const nearestRank = (values: readonly number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil((percent * values.length) / 100) - 1] ?? Number.NaN;

describe('percentiles', () => {
  it('of a union are those of all values, not the mean of the parts', () => {
    const { hour1 = [], hour2 = [], expected } = vectors.cases.find(({ id }) => id === 'RU-01') ?? {};
    const union = histogramOf(hour1 as number[]);
    union.merge(histogramOf(hour2 as number[]));
    const { p50_all, p95_all, p99_all } = expected as Record<string, number>;
    expect(union.percentiles([50, 95, 99])).toEqual([p50_all, p95_all, p99_all]);
    expect(union.samples).toBe(20);
  });

  it('are null without a sample', () => {
    expect(new DurationHistogram().percentiles([50, 99])).toEqual([null, null]);
  });

  it('are exact by nearest rank below the bound, however the values are split', () => {
    const durations = fc.array(fc.nat(EXACT_BELOW_MS - 1), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(durations, fc.integer({ min: 1, max: 100 }), fc.nat(300), (values, percent, cut) => {
        const split = histogramOf(values.slice(cut));
        split.merge(histogramOf(values.slice(0, cut)));
        expect(split.percentiles([percent])).toEqual([nearestRank(values, percent)]);
      }),
    );
  });

  it('are too low by less than the stated error above it', () => {
    fc.assert(
      fc.property(fc.integer({ min: EXACT_BELOW_MS, max: 2 ** 38 }), (duration) => {
        const [told] = histogramOf([duration]).percentiles([50]);
        expect(told).toBeLessThanOrEqual(duration);
        expect(told).toBeGreaterThan(duration * (1 - RELATIVE_ERROR_ABOVE));
      }),
    );
  });

  it('take clock skew and fractions as whole milliseconds', () => {
    expect(histogramOf([-3, 1.6]).percentiles([50, 100])).toEqual([0, 2]);
  });
});
