import { People, type PeopleJson, type Person } from './people.ts';
import { Samples, type SamplesJson } from './samples.ts';

/** Rows of one family of numbers, apart from what they say of persons. */
export interface TallyJson {
  readonly rows: number;
  readonly sums: Readonly<Record<string, number>>;
  readonly samples: Readonly<Record<string, SamplesJson>>;
  readonly people: PeopleJson;
}

/**
 * The numbers of one family in some stretch of time. Everything is a sum, a list of samples or a set, so stretches merge in any
 * order to what their union gives.
 */
export class Tally {
  /** Rows that were counted. */
  rows = 0;
  readonly sums = new Map<string, number>();
  readonly samples = new Map<string, Samples>();
  readonly people: People;

  /** Adds to the number of that key, and marks who stands behind it. */
  add(key: string, count: number, person?: Person): void {
    if (count === 0) return;
    this.sums.set(key, (this.sums.get(key) ?? 0) + count);
    if (person !== undefined) this.people.mark(person, key);
  }

  sample(key: string, durationMs: number): void {
    this.#samplesOf(key).add(durationMs);
  }

  merge(other: Tally): void {
    this.rows += other.rows;
    for (const [key, count] of other.sums) this.add(key, count);
    for (const [key, samples] of other.samples) this.#samplesOf(key).merge(samples);
    this.people.merge(other.people);
  }

  /** The sum over all keys that fit. */
  sum(fits: (key: string) => boolean): number {
    let sum = 0;
    for (const [key, count] of this.sums) if (fits(key)) sum += count;
    return sum;
  }

  /** The samples of all keys that fit, as one. */
  samplesOf(fits: (key: string) => boolean): Samples {
    const all = new Samples();
    for (const [key, samples] of this.samples) if (fits(key)) all.merge(samples);
    return all;
  }

  /** The same rows in any order give the same text. */
  toText(): string {
    const json: TallyJson = {
      rows: this.rows,
      sums: Object.fromEntries(sorted(this.sums)),
      samples: Object.fromEntries(sorted(this.samples).map(([key, samples]) => [key, samples.toJson()])),
      people: this.people.toJson(),
    };
    return JSON.stringify(json);
  }

  static of({ rows, sums, samples, people }: TallyJson): Tally {
    const tally = new Tally(People.of(people));
    tally.rows = rows;
    for (const [key, count] of Object.entries(sums)) tally.sums.set(key, count);
    for (const [key, json] of Object.entries(samples)) tally.samples.set(key, Samples.of(json));
    return tally;
  }

  constructor(people: People = new People()) {
    this.people = people;
  }

  #samplesOf(key: string): Samples {
    const samples = this.samples.get(key) ?? new Samples();
    this.samples.set(key, samples);
    return samples;
  }
}

const sorted = <T>(map: ReadonlyMap<string, T>): (readonly [string, T])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));
