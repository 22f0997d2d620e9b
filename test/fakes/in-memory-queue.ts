import { addSeconds, type Clock, type Instant } from '#shared/lifecycle/instant.ts';
import type { JobMessage } from '#shared/lifecycle/job-row.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';
import type { JobQueue, QueuedMessage } from '#shared/operations/ports.ts';

interface HeldMessage {
  readonly message: JobMessage;
  readonly visibleAt: Instant;
}

/** The queues of all priorities: remembers what was sent, and holds each message until it is taken. */
export class InMemoryQueue implements JobQueue {
  readonly sent: QueuedMessage[] = [];
  readonly held: HeldMessage[] = [];
  /** Priorities whose queue shows visible messages even if it holds none here. */
  readonly backlog = new Set<Priority>();
  /** How it takes messages: all of them, none of them, or it cannot be reached. */
  mood: 'takes' | 'refuses' | 'throws' = 'takes';
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async send(message: JobMessage, options: { delaySeconds?: number; groupRef?: string } = {}): Promise<void> {
    const lost = await this.sendMany([{ delaySeconds: 0, message, ...options }]);
    if (lost.length > 0) throw new Error('The message was not taken.');
  }

  async sendMany(messages: readonly QueuedMessage[]): Promise<readonly QueuedMessage[]> {
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

  /** Puts a message back for so many seconds. */
  hold(message: JobMessage, seconds: number): void {
    this.held.push({ message, visibleAt: addSeconds(this.#clock(), seconds) });
  }

  /** The next visible message, which is no longer held; `undefined` when none is visible now. */
  take(): JobMessage | undefined {
    const now = this.#clock();
    const index = this.held.findIndex(({ visibleAt }) => visibleAt <= now);
    return index < 0 ? undefined : this.held.splice(index, 1)[0]?.message;
  }
}
