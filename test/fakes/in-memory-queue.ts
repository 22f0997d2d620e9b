import { addSeconds, type Clock, type Instant } from '#shared/lifecycle/instant.ts';
import type { JobMessage } from '#shared/lifecycle/job-row.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';
import type { JobQueue, MessageLease, QueuedMessage } from '#shared/operations/ports.ts';

interface HeldMessage {
  readonly message: JobMessage;
  visibleAt: Instant;
  /** Of its latest receive. */
  receiptHandle?: string;
}

/** A message as a worker gets it. */
export interface ReceivedMessage {
  readonly message: JobMessage;
  readonly receiptHandle: string;
}

/** As SQS, which counts the longest hold from the receive: no hold on a message that a worker has is longer. */
const LONGEST_HOLD_SECONDS = 43_200 - 900;
const LONGEST_DELAY_SECONDS = 900;

/** The queues of all priorities: remembers what was sent, and holds each message until it is deleted. */
export class InMemoryQueue implements JobQueue, MessageLease {
  readonly sent: QueuedMessage[] = [];
  readonly held: HeldMessage[] = [];
  /** Priorities whose queue shows visible messages even if it holds none here. */
  readonly backlog = new Set<Priority>();
  /** How it takes messages: all of them, none of them, or the call itself throws. */
  mood: 'takes' | 'refuses' | 'throws' = 'takes';
  readonly #clock: Clock;
  #receives = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async send(message: JobMessage, options: { delaySeconds?: number; groupRef?: string } = {}): Promise<void> {
    const lost = await this.sendMany([{ delaySeconds: 0, message, ...options }]);
    if (lost.length > 0) throw new Error('The message was not taken.');
  }

  async sendMany(messages: readonly QueuedMessage[]): Promise<readonly QueuedMessage[]> {
    if (messages.some(({ delaySeconds }) => delaySeconds > LONGEST_DELAY_SECONDS))
      throw new RangeError(`A message is delayed by at most ${LONGEST_DELAY_SECONDS} s.`);
    if (this.mood === 'throws') throw new Error('The queue cannot be reached.');
    if (this.mood === 'refuses') return messages;
    this.sent.push(...messages);
    for (const { message, delaySeconds } of messages) this.hold(message, delaySeconds);
    return [];
  }

  async hasBacklog(priority: Priority): Promise<boolean> {
    const now = this.#clock();
    const waits = this.held.some(
      ({ message, visibleAt }) => message.priority === priority && visibleAt <= now,
    );
    return waits || this.backlog.has(priority);
  }

  /** Puts a message in, visible after so many seconds. */
  hold(message: JobMessage, seconds: number): void {
    this.held.push({ message, visibleAt: addSeconds(this.#clock(), seconds) });
  }

  /** The next visible message, hidden for its queue's timeout from now; `undefined` when none is visible. */
  receive(timeoutSeconds: (message: JobMessage) => number): ReceivedMessage | undefined {
    const now = this.#clock();
    const next = this.held.find(({ visibleAt }) => visibleAt <= now);
    if (!next) return undefined;
    this.#receives += 1;
    const receiptHandle = `receipt-${this.#receives}`;
    next.receiptHandle = receiptHandle;
    next.visibleAt = addSeconds(now, timeoutSeconds(next.message));
    return { message: next.message, receiptHandle };
  }

  async setVisibility(receiptHandle: string, seconds: number): Promise<void> {
    const held = this.held.find((one) => one.receiptHandle === receiptHandle);
    if (!held) throw new Error('No message is held under this receipt handle.');
    const whole = Math.min(Math.max(Math.ceil(seconds), 0), LONGEST_HOLD_SECONDS);
    held.visibleAt = addSeconds(this.#clock(), whole);
  }

  /** Takes a received message out for good. */
  delete(receiptHandle: string): void {
    const index = this.held.findIndex((one) => one.receiptHandle === receiptHandle);
    if (index >= 0) this.held.splice(index, 1);
  }

  /** Receives the next visible message and deletes it at once; `undefined` when none is visible now. */
  take(): JobMessage | undefined {
    const received = this.receive(() => 0);
    if (received) this.delete(received.receiptHandle);
    return received?.message;
  }
}
