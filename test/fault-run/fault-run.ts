import { bodyForms } from '#functions/runtime/body-forms.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { isTerminal } from '#shared/lifecycle/transitions.ts';
import { buryDeadLetter } from '#shared/operations/bury-dead-letter.ts';
import { reconcile } from '#shared/operations/reconcile.ts';
import { runAttempt } from '#shared/operations/run-attempt.ts';
import { recordAcceptance } from '#shared/operations/submit-job.ts';
import { tick } from '#shared/operations/tick.ts';
import { tickShard } from '#shared/operations/tick-shard.ts';
import { createInMemoryRecall } from '#test/fakes/in-memory-recall.ts';
import { createInMemoryArchive } from '../fakes/in-memory-archive.ts';
import { createInMemoryDrill } from '../fakes/in-memory-drill.ts';
import { createInMemoryPauses, FakeIntake } from '../fakes/in-memory-pauses.ts';
import {
  createInMemoryAudit,
  createInMemoryDueBuckets,
  createInMemoryOutcomes,
  createInMemoryRecords,
  createInMemorySchedules,
  createInMemoryStore,
} from '../fakes/in-memory-store.ts';
import { InMemoryTickQueue } from '../fakes/in-memory-tick-queue.ts';
import { MemoryDatabase } from '../fakes/memory-database.ts';
import { createInMemoryEvents } from '../fakes/memory-events.ts';
import {
  builtInReference,
  createCountingRandom,
  createFakeHashes,
  createRecordingLog,
  createRecordingMetrics,
  createRecordingPublisher,
} from '../fakes/quiet.ts';
import { FAULT_RUN_KINDS, scheduledOccurrence } from './fault-run-kinds.ts';
import { type Left, REMINDER_KINDS, submitReminder } from './fault-run-reminders.ts';
import { type FaultRates, faultyPort, type Process, processOf } from './faulty-ports.ts';
import { Simulation } from './simulation.ts';
import { VirtualQueues } from './virtual-queue.ts';

export interface FaultRunPlan {
  readonly seed: number;
  readonly jobs: number;
  /** How many patients have a schedule beside them; none unless given. */
  readonly reminders?: number;
  readonly rates: FaultRates & { readonly workerStalls: number };
  /** Open jobs that each of twenty users may have; any number unless given. */
  readonly userJobLimit?: number;
  readonly guards: { readonly fence: boolean; readonly reconciler: boolean; readonly closing: boolean };
}

export const START: Instant = '2026-03-02T08:00:00.000Z';
const HOURS = 24;
const USERS = 20;
/** Jobs arrive over this time; the storm of throttles falls into it. */
const ARRIVAL_MS = 30 * 60_000;
const REMINDERS_ARRIVE_MS = 5 * 60_000;
const STORM_MS = [10 * 60_000, 14 * 60_000] as const;

/** Plays one day of a whole deployment on in-memory ports in virtual time, and answers what it left behind. */
export async function faultRun(plan: FaultRunPlan) {
  const simulation = new Simulation(plan.seed, START);
  const { chance } = simulation;
  const db = new MemoryDatabase(undefined, simulation.clock);
  const timing = TIMING_PROFILES.standard;
  const start = simulation.nowMs;
  const queues = new VirtualQueues(simulation, {
    timing,
    concurrency: 50,
    rates: plan.rates,
    throttledBetween: [start + STORM_MS[0], start + STORM_MS[1]],
  });
  const store = createInMemoryStore(db, plan.guards);
  const tickQueue = new InMemoryTickQueue();
  const publisher = createRecordingPublisher();
  const log = createRecordingLog();
  const metrics = createRecordingMetrics();
  const refs = createFakeHashes();
  const pauses = createInMemoryPauses(db);
  const intake = new FakeIntake();
  const random = createCountingRandom(`seed-${plan.seed}`);

  const drawn = plan.guards.closing ? FAULT_RUN_KINDS : withoutClosing(FAULT_RUN_KINDS);
  const deployed = new Map([...drawn, ...REMINDER_KINDS]);
  /** Every message about a dose at the moment at which it was handed over. */
  const left: Left[] = [];

  /** The engine's world as one process sees it. */
  const depsOf = (process: Process) => {
    const faulty = <T extends object>(port: T): T => faultyPort(port, simulation, plan.rates, process);
    const topic = faulty(publisher);
    const publishReminder: typeof topic.publishReminder = async (message) => {
      left.push({ ...message, at: simulation.clock() });
      await topic.publishReminder(message);
    };
    return {
      store: faulty(store),
      audit: createInMemoryAudit(db),
      queue: faulty(queues),
      records: faulty(createInMemoryRecords(db)),
      outcomes: createInMemoryOutcomes(db),
      events: createInMemoryEvents(db.events),
      recall: createInMemoryRecall(db),
      dueBuckets: createInMemoryDueBuckets(db),
      archive: createInMemoryArchive(),
      drill: createInMemoryDrill(createInMemoryArchive(), simulation.clock),
      reference: builtInReference,
      publisher: { ...publisher, publishReminder },
      schedules: faulty(createInMemorySchedules(db)),
      pauses,
      intake,
      tickQueue,
      kinds: deployed,
      forms: bodyForms,
      clock: simulation.clock,
      timing,
      settings: {},
      log,
      metrics,
      random,
      refs,
      aroundProcess: async <T>(_kind: string, work: () => Promise<T>): Promise<T> => {
        // A process that stalls longer than its lease and then goes on: what the fence is for.
        if (chance.happens(plan.rates.workerStalls)) {
          const done = await work();
          await simulation.sleep(timing.LOW.visibilitySeconds * 1000 * (0.05 + chance.next()));
          return done;
        }
        return work();
      },
    };
  };
  const immortal = (): Process => ({ dead: false, killAtStep: undefined, steps: 0 });

  queues.connect(
    (message) => runAttempt(depsOf(processOf(simulation, plan.rates)), message),
    async (message) => {
      await buryDeadLetter(depsOf(immortal()), message);
      return { message: 'delete' };
    },
  );

  const accepted = new Set<string>();
  const kinds = [...drawn.values()];
  for (let number = 0; number < plan.jobs; number += 1) {
    simulation.at(start + chance.below(ARRIVAL_MS), () => void submit(number));
  }
  async function submit(number: number): Promise<void> {
    const kind = kinds[number % kinds.length];
    if (!kind) return;
    const fate = chance.happens(0.02) ? 'never' : chance.happens(0.02) ? 'again' : 'fine';
    const mark = `job-${number}`;
    const payload = { mark: mark, fate };
    // What answers for a record of the system belongs to no user.
    const user = kind.answersFor ? {} : { userId: `user-${number % USERS}` };
    const receivedAt = simulation.clock();
    const runAt = chance.happens(0.1) ? addSeconds(receivedAt, chance.below(7200) + 1) : undefined;
    if (kind.answersFor) db.applyWrites([scheduledOccurrence(mark, runAt ?? receivedAt)]);
    // A client that gets no answer asks again with the same key, as clients do.
    for (let tries = 0; tries < 20; tries += 1) {
      const userJobLimit = plan.userJobLimit ?? Number.MAX_SAFE_INTEGER;
      const answer = await recordAcceptance(
        { ...depsOf(immortal()), userJobLimit },
        {
          kind,
          payload,
          completed: payload,
          opened: { ...kind.open(payload), ...user },
          caller: { subject: 'client', roles: ['service'], careFor: [] },
          role: 'service',
          priority: kind.defaultPriority,
          ...(runAt !== undefined && { runAt }),
          idempotencyKey: `key-${number}`,
          correlationId: `c-${number}`,
          receivedAt,
          checks: [],
        },
      ).catch(() => undefined);
      if (answer) {
        accepted.add(String(answer.body['job_id']));
        return;
      }
    }
  }

  /** The jobs of patients' schedules that were accepted. */
  const reminders = new Set<string>();
  for (let number = 0; number < (plan.reminders ?? 0); number += 1) {
    simulation.at(start + chance.below(REMINDERS_ARRIVE_MS), () => void remind(number));
  }
  async function remind(number: number): Promise<void> {
    const jobId = await submitReminder(depsOf(immortal()), number, simulation.clock());
    if (jobId !== undefined) reminders.add(jobId);
  }

  for (let minute = 0; minute < HOURS * 60; minute += 1) {
    simulation.at(start + minute * 60_000, () => {
      void tickWithShards();
      if (plan.guards.reconciler) reconcile(depsOf(immortal())).catch(() => undefined);
    });
  }
  /** A round that fails is followed by the next one a minute later. */
  async function tickWithShards(): Promise<void> {
    await tick(depsOf(immortal())).catch(() => undefined);
    for (const { shard } of tickQueue.takeAll())
      tickShard(depsOf(processOf(simulation, plan.rates)), shard).catch(() => undefined);
  }

  const allDone = () =>
    simulation.nowMs > start + ARRIVAL_MS + 2 * 3600_000 &&
    [...db.rows.values()].every((row) => isTerminal(row.status));
  let checks = 0;
  let mostOpen = 0;
  await simulation.run(addSeconds(START, HOURS * 3600), () => {
    checks += 1;
    if (plan.userJobLimit !== undefined) mostOpen = Math.max(mostOpen, ...db.open.values());
    return checks % 5000 === 0 && allDone();
  });
  return {
    db,
    mostOpen,
    accepted,
    reminders,
    refs,
    left,
    publishes: publisher.all,
    deadLettered: queues.deadLettered,
    metrics: metrics.all,
  };
}

/** The same kinds, of which none says what becomes of its record. */
const withoutClosing = (kinds: typeof FAULT_RUN_KINDS): typeof FAULT_RUN_KINDS =>
  new Map(
    [...kinds].map(([name, kind]) => [
      name,
      kind.answersFor ? { ...kind, answersFor: { closed: () => undefined } } : kind,
    ]),
  );
