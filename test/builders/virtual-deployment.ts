import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import { reconcile } from '#shared/operations/reconcile.ts';
import { tick } from '#shared/operations/tick.ts';
import { LOOK_AHEAD_SECONDS, tickShard } from '#shared/operations/tick-shard.ts';
import { bucketKey } from '#test/fakes/memory-database.ts';
import { createTestEngine, deliverNext, type TestEngine } from './test-engine.ts';
import { type Fault, unreliableWorker, WorkerDied } from './unreliable-worker.ts';

interface Planned {
  readonly at: Instant;
  readonly run: () => Promise<void>;
}

/** A message as it left, and when. */
export type Left = TestEngine['publisher']['all'][number] & { readonly at: Instant };

/**
 * A whole deployment in virtual time: the tick with its shard workers and the reconciler at each full minute, and every
 * message in the moment in which it becomes visible, as EventBridge and the event sources do it. Nothing waits in real
 * time; what is planned for a moment happens before everything else of that moment.
 */
export class VirtualDeployment {
  readonly engine: TestEngine;
  readonly left: Left[] = [];
  readonly fault: Fault = { dies: undefined, times: 0, unpublishable: [] };
  /** Whether the rule that fires every minute is out at that minute. */
  tickIsOut: (minute: Instant) => boolean = () => false;
  /** Until then no worker takes a message. */
  workersOutUntil: Instant = '';
  /**
   * Passes over minutes in which neither tick nor reconciler would find anything: no schedule is due within the minutes
   * that they look at, and no job is open. For long times; what is told is the same.
   */
  passesOverIdleMinutes = false;
  /** What the queue does with a message that it is sent. */
  queueing: 'once' | 'twice' | 'lost' = 'once';
  readonly #worker: TestEngine;
  #planned: Planned[] = [];
  #ticked: Instant = '';
  /** The first minute of which nobody knows whether schedules are due in it. */
  #looked: Instant;

  constructor(start: Instant) {
    this.#looked = start;
    this.engine = createTestEngine(JOB_KINDS, { start, dueShards: 1 });
    const { queue, publisher } = this.engine;
    const hold = queue.hold.bind(queue);
    queue.hold = (message, seconds) => {
      if (this.queueing !== 'lost') hold(message, seconds);
      if (this.queueing === 'twice') hold(message, seconds);
    };
    const publish = publisher.publishReminder;
    publisher.publishReminder = async (message) => {
      await publish(message);
      this.left.push({ ...message, at: this.now });
    };
    this.#worker = unreliableWorker(this.engine, this.fault);
  }

  get now(): Instant {
    return this.engine.time.now();
  }

  plan(at: Instant, run: () => Promise<void>): void {
    this.#planned = [...this.#planned, { at, run }].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  /** Lets everything happen that happens before `end`. */
  async runUntil(end: Instant): Promise<void> {
    for (let at = this.#next(); at < end; at = this.#next()) {
      this.engine.time.set(at);
      for (let one = this.#planned[0]; one && one.at <= at; one = this.#planned[0]) {
        this.#planned.shift();
        await one.run();
      }
      if (at >= nextMinute(this.#ticked)) await this.#minute(at);
      while (at >= this.workersOutUntil && (await this.#work()));
    }
    this.engine.time.set(end);
  }

  async #minute(at: Instant): Promise<void> {
    this.#ticked = `${at.slice(0, 16)}:00.000Z`;
    if (this.tickIsOut(this.#ticked) || (this.passesOverIdleMinutes && this.#isIdle())) return;
    await tick(this.engine);
    for (const { shard } of this.engine.tickQueue.takeAll()) await tickShard(this.engine, shard);
    await reconcile(this.engine);
  }

  #isIdle(): boolean {
    const { db } = this.engine;
    const ahead = addSeconds(this.#ticked, LOOK_AHEAD_SECONDS);
    let isIdle = db.watched.size === 0;
    for (; this.#looked <= ahead; this.#looked = addSeconds(this.#looked, 60))
      isIdle &&= !db.buckets.has(bucketKey(0, this.#looked));
    return isIdle;
  }

  /** One message through one worker; false when none is visible. */
  async #work(): Promise<boolean> {
    try {
      return (await deliverNext(this.#worker)) !== undefined;
    } catch (error) {
      // Lambda cleans up after it; its message comes back when its visibility timeout is over.
      if (!(error instanceof WorkerDied)) throw error;
      this.fault.isDead = false;
      return true;
    }
  }

  #next(): Instant {
    const visible = this.engine.queue.held.map(({ visibleAt }) => later(visibleAt, this.workersOutUntil));
    const planned = this.#planned[0] ? [this.#planned[0].at] : [];
    const [first = this.now] = [nextMinute(this.#ticked), ...planned, ...visible].sort();
    return later(first, this.now);
  }
}

const nextMinute = (minute: Instant): Instant => (minute === '' ? '' : addSeconds(minute, 60));
const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
