/** Durations below this are counted to the millisecond. */
export const EXACT_BELOW_MS = 65_536;

/** Above it, durations keep their ten highest binary digits: too low by less than 1/512. */
const DIGITS_KEPT = 10;
export const RELATIVE_ERROR_ABOVE = 1 / 512;

/** A longer duration than about 34 years counts as that long; it bounds the number of buckets. */
const LONGEST_MS = 2 ** 40;

/**
 * Durations by bucket, so that percentiles of any number of jobs need bounded memory: at most 65,536 exact buckets and
 * 512 for each further power of two. Merging two histograms equals adding all their durations to one.
 */
export class DurationHistogram {
  readonly #counts = new Map<number, number>();
  #samples = 0;

  get samples(): number {
    return this.#samples;
  }

  /** @param durationMs rounded to whole milliseconds; what clocks make negative counts as 0 */
  add(durationMs: number): void {
    this.#count(bucketOf(Math.min(Math.max(Math.round(durationMs), 0), LONGEST_MS)), 1);
  }

  merge(other: DurationHistogram): void {
    for (const [bucket, count] of other.#counts) this.#count(bucket, count);
  }

  /**
   * Percentiles by nearest rank: the value at position ceil(percent × n / 100) of all values in ascending order.
   * @param percents whole numbers from 1 to 100
   * @returns milliseconds in the order of `percents`, `null` each when there is no sample
   */
  percentiles(percents: readonly number[]): readonly (number | null)[] {
    const buckets = [...this.#counts].sort(([a], [b]) => a - b);
    return percents.map((percent) => {
      let left = Math.ceil((percent * this.#samples) / 100);
      for (const [bucket, count] of buckets) {
        left -= count;
        if (left <= 0) return bucket;
      }
      return null;
    });
  }

  #count(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#samples += count;
  }
}

function bucketOf(ms: number): number {
  if (ms < EXACT_BELOW_MS) return ms;
  const width = 2 ** (Math.floor(Math.log2(ms)) + 1 - DIGITS_KEPT);
  return Math.floor(ms / width) * width;
}
