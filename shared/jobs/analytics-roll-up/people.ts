import { hash } from 'node:crypto';
import type { Ref } from '../ports.ts';

/** 64 bits of a hash over the keyed hash that stands for a person: enough to tell people apart, and no way back. */
export type Person = string;

export const personOf = (userRef: Ref | undefined): Person => hash('sha256', userRef ?? '').slice(0, 16);

export interface PeopleJson {
  readonly keys: readonly (readonly string[])[];
  readonly people: readonly string[];
}

const DIGITS = 16;

/**
 * Who stands behind which numbers. Each person is held once, with the combination of keys that they have; there are few
 * combinations, so a person takes little more than their hash. Merging two equals marking everybody in one.
 */
export class People {
  readonly #combinations: (readonly string[])[] = [[]];
  readonly #numbers = new Map<string, number>([['', 0]]);
  /** Numbers of unions, by the numbers of their two parts. */
  readonly #unions = new Map<number, number>();
  readonly #of = new Map<Person, number>();

  mark(person: Person, key: string): void {
    this.#join(person, this.#numberOf([key]));
  }

  merge(other: People): void {
    const own = other.#combinations.map((keys) => this.#numberOf(keys));
    for (const [person, number] of other.#of) this.#join(person, own[number] ?? 0);
  }

  /** How many distinct people have at least one of the keys that fit. */
  count(fits: (key: string) => boolean): number {
    const wanted = this.#combinations.map((keys) => keys.some(fits));
    let count = 0;
    for (const number of this.#of.values()) if (wanted[number]) count += 1;
    return count;
  }

  /** How many people went from each combination of keys to each other one; those without keys are in the empty one. */
  movesTo(other: People): readonly number[] {
    const moves = new Map<string, number>();
    const everybody = new Set([...this.#of.keys(), ...other.#of.keys()]);
    for (const person of everybody) {
      const [from, to] = [this.#nameOf(person), other.#nameOf(person)];
      if (from !== to) moves.set(`${from}\0${to}`, (moves.get(`${from}\0${to}`) ?? 0) + 1);
    }
    return [...moves.values()];
  }

  /** By key, everybody who has it; once there are more than `most`, the first `most + 1` of them. */
  crowds(most: number): Map<string, Set<Person>> {
    const crowds = new Map<string, Set<Person>>();
    for (const [person, number] of this.#of)
      for (const key of this.#combinations[number] ?? []) {
        const crowd = crowds.get(key) ?? new Set();
        crowds.set(key, crowd);
        if (crowd.size <= most) crowd.add(person);
      }
    return crowds;
  }

  /** The same people in any order give the same object. */
  toJson(): PeopleJson {
    const groups = new Map<string, Person[]>();
    for (const [person, number] of this.#of) {
      const name = nameOf(this.#combinations[number] ?? []);
      const group = groups.get(name) ?? [];
      groups.set(name, group);
      group.push(person);
    }
    const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      keys: sorted.map(([name]) => name.split('\n')),
      people: sorted.map(([, group]) => group.sort().join('')),
    };
  }

  static of({ keys, people }: PeopleJson): People {
    const all = new People();
    for (const [index, combination] of keys.entries()) {
      const number = all.#numberOf([...combination].sort());
      const text = people[index] ?? '';
      for (let at = 0; at < text.length; at += DIGITS) all.#of.set(text.slice(at, at + DIGITS), number);
    }
    return all;
  }

  #nameOf(person: Person): string {
    return nameOf(this.#combinations[this.#of.get(person) ?? 0] ?? []);
  }

  #join(person: Person, number: number): void {
    const before = this.#of.get(person);
    const after = before === undefined ? number : this.#union(before, number);
    if (after !== before) this.#of.set(person, after);
  }

  #union(a: number, b: number): number {
    if (a === b) return a;
    const pair = a * MOST_COMBINATIONS + b;
    const known = this.#unions.get(pair);
    if (known !== undefined) return known;
    const keys = new Set([...(this.#combinations[a] ?? []), ...(this.#combinations[b] ?? [])]);
    const number = this.#numberOf([...keys].sort());
    this.#unions.set(pair, number);
    return number;
  }

  /** @param keys ascending */
  #numberOf(keys: readonly string[]): number {
    const name = nameOf(keys);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#combinations.push(keys) - 1;
    this.#numbers.set(name, number);
    return number;
  }
}

/** Only keeps two numbers apart in one. */
const MOST_COMBINATIONS = 2 ** 26;

const nameOf = (keys: readonly string[]): string => keys.join('\n');
