import { DDSketch } from '@datadog/sketches-js';
import type { JsonObject } from '../ports.ts';

/** So many samples of one cell are kept as they are. */
export const EXACT_SAMPLES = 1000;

/** Above that, percentiles come from a sketch and are off by at most this share of the value. */
export const RELATIVE_ERROR = 0.01;

/** A longer duration than about 34 years counts as that long; it bounds the number of the sketch's bins. */
const LONGEST_MS = 2 ** 40;

/** `exact` says whether all samples were still there. */
export type Percentiles = {
  readonly samples: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly exact: boolean;
};

/**
 * Durations in milliseconds of one cell. Merging two equals adding all samples to one, whatever the order: both the list and
 * the bins of the sketch are mere counts of values.
 */
export class Samples {
  #exact: number[] | undefined = [];
  readonly #sketch = new DDSketch({ relativeAccuracy: RELATIVE_ERROR });

  get count(): number {
    return this.#exact ? this.#exact.length : this.#sketch.count;
  }

  /** @param durationMs rounded to whole milliseconds; what clocks make negative counts as 0 */
  add(durationMs: number): void {
    this.#add(Math.min(Math.max(Math.round(durationMs), 0), LONGEST_MS), 1);
  }

  merge(other: Samples): void {
    for (const [value, weight] of other.#weighted()) this.#add(value, weight);
  }

  /** By nearest rank: `sorted[ceil(q × n) - 1]`; `null` each when there is no sample. */
  percentiles(): Percentiles {
    const exact = this.#exact?.toSorted((a, b) => a - b);
    const at = (percent: number): number | null => {
      if (this.count === 0) return null;
      const rank = Math.ceil((percent * this.count) / 100) - 1;
      if (exact) return exact[rank] ?? null;
      // The sketch multiplies again; half a rank more, and no rounding error makes it the sample before.
      return Math.round(this.#sketch.getValueAtQuantile((rank + 0.5) / (this.count - 1)) * 1000) / 1000;
    };
    return { samples: this.count, p50: at(50), p95: at(95), p99: at(99), exact: exact !== undefined };
  }

  /** The same samples in any order give the same object. */
  toJson(): JsonObject {
    if (this.#exact) return { exact: this.#exact.toSorted((a, b) => a - b) };
    const { zeroCount, store } = this.#sketch;
    const bins = store.bins.slice(store.minKey - store.offset, store.maxKey - store.offset + 1);
    return { zeros: zeroCount, first: bins.length > 0 ? store.minKey : 0, bins };
  }

  static of(json: SamplesJson): Samples {
    const samples = new Samples();
    for (const value of json.exact ?? []) samples.#add(value, 1);
    if (json.exact) return samples;
    samples.#exact = undefined;
    const { mapping } = samples.#sketch;
    if (json.zeros) samples.#sketch.accept(0, json.zeros);
    for (const [index, weight] of (json.bins ?? []).entries())
      if (weight > 0) samples.#sketch.accept(mapping.value((json.first ?? 0) + index), weight);
    return samples;
  }

  #add(value: number, weight: number): void {
    if (this.#exact && weight === 1 && this.#exact.length < EXACT_SAMPLES) {
      this.#exact.push(value);
      return;
    }
    for (const earlier of this.#exact ?? []) this.#sketch.accept(earlier);
    this.#exact = undefined;
    this.#sketch.accept(value, weight);
  }

  /** Values with their number; a bin of the sketch by the value that stands for it, which falls into the same bin again. */
  *#weighted(): Iterable<readonly [number, number]> {
    for (const value of this.#exact ?? []) yield [value, 1];
    if (this.#exact) return;
    const { zeroCount, store, mapping } = this.#sketch;
    if (zeroCount > 0) yield [0, zeroCount];
    for (const [index, weight] of store.bins.entries())
      if (weight > 0) yield [mapping.value(index + store.offset), weight];
  }
}

export interface SamplesJson {
  readonly exact?: readonly number[];
  readonly zeros?: number;
  readonly first?: number;
  readonly bins?: readonly number[];
}
