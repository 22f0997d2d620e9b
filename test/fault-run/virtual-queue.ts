import type { JobMessage } from '#shared/lifecycle/job-row.ts';
import { maxAttempts, PRIORITY_NAMES, type Priority, type Timing } from '#shared/lifecycle/priority.ts';
import type { JobQueue, QueuedMessage } from '#shared/operations/ports.ts';
import type { AttemptEnd } from '#shared/operations/run-attempt.ts';
import type { FaultRates } from './faulty-ports.ts';
import type { Simulation } from './simulation.ts';

interface Held {
  readonly message: JobMessage;
  visibleAt: number;
  receives: number;
  gone: boolean;
}

/** As SQS. */
const LONGEST_DELAY_SECONDS = 900;

/** Runs one invocation; resolves when it ends, never when its process died. */
export type Worker = (message: JobMessage) => Promise<AttemptEnd>;

interface Settings {
  readonly timing: Timing;
  readonly concurrency: number;
  readonly rates: FaultRates;
  /** In this window invocations are throttled: a receive is burnt and nothing runs. */
  readonly throttledBetween: readonly [number, number];
}

/**
 * Standard queues with redrive policy and event source, in virtual time: visibility timeouts, receive counts, dead
 * letters, duplicate deliveries, throttles that burn receives.
 */
export class VirtualQueues implements JobQueue {
  readonly #queues = new Map<Priority, Held[]>(PRIORITY_NAMES.map((name) => [name, []]));
  readonly #running = new Map<Priority, number>();
  readonly #simulation: Simulation;
  readonly #settings: Settings;
  #worker: Worker = async () => ({ message: 'delete' });
  #bury: Worker = async () => ({ message: 'delete' });
  deadLettered = 0;

  constructor(simulation: Simulation, settings: Settings) {
    this.#simulation = simulation;
    this.#settings = settings;
  }

  connect(worker: Worker, bury: Worker): void {
    this.#worker = worker;
    this.#bury = bury;
  }

  async send(
    message: JobMessage,
    { delaySeconds = 0 }: { readonly delaySeconds?: number } = {},
  ): Promise<void> {
    if (delaySeconds > LONGEST_DELAY_SECONDS)
      throw new RangeError(`A message is delayed by at most ${LONGEST_DELAY_SECONDS} s.`);
    const visibleAt = this.#simulation.nowMs + delaySeconds * 1000;
    this.#hold({ message, visibleAt, receives: 0, gone: false });
  }

  async sendMany(messages: readonly QueuedMessage[]): Promise<readonly QueuedMessage[]> {
    for (const { message, delaySeconds } of messages) await this.send(message, { delaySeconds });
    return [];
  }

  async hasBacklog(priority: Priority): Promise<boolean> {
    const now = this.#simulation.nowMs;
    return (this.#queues.get(priority) ?? []).some((held) => held.visibleAt <= now);
  }

  #hold(held: Held): void {
    this.#queues.get(held.message.priority)?.push(held);
    this.#simulation.at(held.visibleAt, () => this.#pump(held.message.priority));
  }

  #pump(priority: Priority): void {
    const queue = this.#queues.get(priority) ?? [];
    const now = this.#simulation.nowMs;
    const [from, to] = this.#settings.throttledBetween;
    for (const held of queue.filter((one) => one.visibleAt <= now)) {
      if ((this.#running.get(priority) ?? 0) >= this.#settings.concurrency) return;
      held.receives += 1;
      if (held.receives > maxAttempts(priority)) {
        this.#deadLetter(held);
        continue;
      }
      this.#hide(held, this.#settings.timing[priority].visibilitySeconds);
      if (now >= from && now < to) continue;
      this.#invoke(held);
      if (this.#simulation.chance.happens(this.#settings.rates.duplicateDelivery)) this.#invoke(held);
    }
  }

  #invoke(held: Held): void {
    const { priority } = held.message;
    this.#running.set(priority, (this.#running.get(priority) ?? 0) + 1);
    let ended = false;
    const release = () => {
      if (ended) return;
      ended = true;
      this.#running.set(priority, (this.#running.get(priority) ?? 1) - 1);
      this.#pump(priority);
    };
    // The function's timeout frees the slot of a worker that died.
    this.#simulation.after(this.#settings.timing[priority].workerTimeoutSeconds * 1000, release);
    this.#worker(held.message)
      .then(
        (end) => {
          if (end.message === 'delete') this.#remove(held);
          else this.#hide(held, end.visibilitySeconds);
        },
        // An invocation that throws leaves its message to the visibility timeout.
        () => undefined,
      )
      .finally(release);
  }

  #hide(held: Held, seconds: number): void {
    if (held.gone) return;
    held.visibleAt = this.#simulation.nowMs + seconds * 1000;
    this.#simulation.at(held.visibleAt, () => this.#pump(held.message.priority));
  }

  #remove(held: Held): void {
    held.gone = true;
    const queue = this.#queues.get(held.message.priority);
    const index = queue?.indexOf(held) ?? -1;
    if (index >= 0) queue?.splice(index, 1);
  }

  #deadLetter(held: Held, tries = 0): void {
    if (tries === 0) {
      this.deadLettered += 1;
      this.#remove(held);
    }
    // The dead-letter function is retried by its own queue until it has decided.
    this.#simulation.after(1000 * (1 + tries * 30), () => {
      this.#bury(held.message).then(
        () => undefined,
        () => this.#deadLetter(held, tries + 1),
      );
    });
  }
}
