import { type Instant, instantOf } from '#shared/lifecycle/instant.ts';

/** A seeded source of chance (mulberry32): the same seed gives the same run. */
export class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** In `[0, 1)`. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  happens(probability: number): boolean {
    return this.next() < probability;
  }
  /** A whole number in `[0, below)`. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Virtual time. Whatever sleeps in it wakes in order of time; between two events every promise that can settle has
 * settled, so that interleavings depend on the seed only.
 */
export class Simulation {
  readonly chance: Chance;
  #now: number;
  #order = 0;
  readonly #heap: Event[] = [];

  constructor(seed: number, start: Instant) {
    this.chance = new Chance(seed);
    this.#now = Date.parse(start);
  }

  readonly clock = (): Instant => instantOf(this.#now);

  get nowMs(): number {
    return this.#now;
  }

  at(ms: number, run: () => void): void {
    this.#order += 1;
    this.#push({ at: Math.max(ms, this.#now), order: this.#order, run });
  }

  after(ms: number, run: () => void): void {
    this.at(this.#now + ms, run);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.after(ms, wake));
  }

  /** Runs until nothing is planned, `until` is reached, or `done` says so. */
  async run(until: Instant, done: () => boolean): Promise<void> {
    const end = Date.parse(until);
    for (let event = this.#pop(); event && event.at <= end; event = this.#pop()) {
      this.#now = event.at;
      event.run();
      await new Promise((settled) => setImmediate(settled));
      if (done()) return;
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    heap.push(event);
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(heap[index], heap[parent])) break;
      swap(heap, index, parent);
      index = parent;
    }
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return top;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const least = before(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!before(heap[least], heap[index])) return top;
      swap(heap, index, least);
      index = least;
    }
  }
}

const before = (a: Event | undefined, b: Event | undefined): boolean =>
  a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));

function swap(heap: Event[], a: number, b: number): void {
  const [one, other] = [heap[a], heap[b]];
  if (one && other) [heap[a], heap[b]] = [other, one];
}
