import { hash } from 'node:crypto';
import type { Person } from './people.ts';

/** What is held of one person's therapies in a measurement period. */
export interface Treated {
  /** How many of them count in the population. */
  readonly counted: number;
  /** The sum of the proportions of days covered of those that count. */
  readonly covered: number;
}

/** The first fill lies at least so many days before the end of the period (PQA). */
const INDEX_FILL_DAYS = 91;

/** Numbers of one therapy. Days are counted from the begin of the period. */
const FIELDS = { person: 0, first: 1, last: 2, used: 3, covered: 4 } as const;
const WIDTH = 5;

/**
 * Days covered of many therapies, of which fills come by ascending date: the rules of `adherence()` in docs/clinical-supply.md for one
 * ingredient and no stays. A few whole numbers stand for a therapy, so memory does not depend on the length of the period.
 */
export class DaysCovered {
  readonly #days: number;
  readonly #rows = new Map<string, number>();
  readonly #persons: Person[] = [];
  readonly #personNumbers = new Map<Person, number>();
  #numbers = new Int32Array(WIDTH * 1024);

  /** @param days length of the period */
  constructor(days: number) {
    this.#days = days;
  }

  /** A fill on that day: its days begin when those before it are used up. */
  add(therapy: string, person: Person, day: number, daysSupply: number): void {
    const at = this.#rowOf(therapy, person, day);
    const get = (field: keyof typeof FIELDS): number => this.#numbers[at + FIELDS[field]] ?? 0;
    const set = (field: keyof typeof FIELDS, value: number): void => {
      this.#numbers[at + FIELDS[field]] = value;
    };
    const begin = Math.max(day, get('used'));
    // What lasts beyond the end of the period is cut off.
    const end = Math.min(begin + daysSupply, this.#days);
    set('covered', get('covered') + Math.max(0, end - begin));
    set('used', Math.max(begin, end));
    set('last', day);
  }

  /** What became of each person with a fill. */
  byPerson(): { readonly therapies: number; readonly people: ReadonlyMap<Person, Treated> } {
    const counted = new Int32Array(this.#persons.length);
    const covered = new Float64Array(this.#persons.length);
    let therapies = 0;
    for (const at of this.#rows.values()) {
      const [person = 0, first = 0, last = 0, , days = 0] = this.#numbers.subarray(at, at + WIDTH);
      // Two fills on different dates, the first one early enough.
      if (last === first || this.#days - 1 - first < INDEX_FILL_DAYS) continue;
      therapies += 1;
      counted[person] = (counted[person] ?? 0) + 1;
      covered[person] = (covered[person] ?? 0) + days / (this.#days - first);
    }
    const people = new Map(
      this.#persons.map((person, index) => [
        person,
        { counted: counted[index] ?? 0, covered: covered[index] ?? 0 },
      ]),
    );
    return { therapies, people };
  }

  #rowOf(therapy: string, person: Person, day: number): number {
    // As with people, 64 bits tell them apart.
    const key = hash('sha256', therapy, 'base64url').slice(0, 11);
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const at = this.#rows.size * WIDTH;
    this.#rows.set(key, at);
    if (at === this.#numbers.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers.set([this.#numberOf(person), day, day, day, 0], at);
    return at;
  }

  #numberOf(person: Person): number {
    const known = this.#personNumbers.get(person);
    if (known !== undefined) return known;
    const number = this.#persons.push(person) - 1;
    this.#personNumbers.set(person, number);
    return number;
  }
}
