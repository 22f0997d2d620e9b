import { describe, expect, it } from 'vitest';
import { verifyChain } from '#shared/evidence/audit-chain.ts';
import type { StoredRecord } from '#shared/jobs/ports.ts';
import { isTerminal, TRANSITIONS } from '#shared/lifecycle/transitions.ts';
import { createInMemoryAudit } from '../fakes/in-memory-store.ts';
import { eventFaults, NO_EVENT_FAULTS } from './event-faults.ts';
import { type FaultRunPlan, faultRun } from './fault-run.ts';

const PLAN: Omit<FaultRunPlan, 'seed'> = {
  jobs: 10_000,
  rates: { portFails: 0.05, workerDies: 0.02, workerStalls: 0.01, duplicateDelivery: 0.01 },
  guards: { fence: true, reconciler: true, closing: true },
};

const LEGAL = new Set(
  Object.values(TRANSITIONS).flatMap(({ from, to }) => from.map((status) => `${status}>${to}`)),
);

/** What an auditor would count after such a day. */
function verdict({ db, accepted, publishes }: Awaited<ReturnType<typeof faultRun>>) {
  const rows = [...db.rows.values()];
  const traces = [...db.records.entries()].filter(([key]) => key.includes('trace#'));
  const doses = [...db.records.values()].filter(
    (record) => record.type === 'occurrence',
  ) as StoredRecord<'occurrence'>[]; // by the type that they carry
  const firstPublishes = Map.groupBy(publishes, (message) => message.occurrence_id);
  return {
    accepted: accepted.size,
    lost: [...accepted].filter((id) => !db.rows.has(id)).length,
    madeTwice: rows.filter((row) => row.parentId === undefined).length - accepted.size,
    stuck: rows.filter((row) => !isTerminal(row.status)).length,
    leftOpen: doses.filter(({ state }) => state.status === 'scheduled' || state.status === 'sending').length,
    doubled: traces.filter(([, record]) => record.version !== 1).length,
    succeededWithoutEffect: rows.filter((row) => row.status === 'succeeded').length - traces.length,
    illegal: db.changes.filter(({ from, to }) => from !== to && !LEGAL.has(`${from}>${to}`)).length,
    counters: [...db.open.values()].filter((open) => open !== 0).length,
    unflagged: [...firstPublishes.values()].filter(
      (messages) => messages.filter((message) => !message.possible_duplicate).length > 1,
    ).length,
  };
}

const CLEAN = {
  accepted: 10_000,
  lost: 0,
  madeTwice: 0,
  stuck: 0,
  leftOpen: 0,
  doubled: 0,
  succeededWithoutEffect: 0,
  illegal: 0,
  counters: 0,
  unflagged: 0,
};

describe('a day in which everything fails at some time', () => {
  it.each([1, 2, 3])(
    'loses nothing, does nothing twice and ends every job (seed %i)',
    async (seed) => {
      const run = await faultRun({ ...PLAN, seed });
      expect(verdict(run)).toEqual(CLEAN);
      expect(eventFaults(run.db)).toEqual(NO_EVENT_FAULTS);
      const statuses = new Set([...run.db.rows.values()].map((row) => row.status));
      expect([...statuses].sort()).toEqual(['failed', 'succeeded']);
      expect(run.deadLettered).toBeGreaterThan(0);
      expect(run.publishes.some((message) => message.possible_duplicate)).toBe(true);
    },
    60_000,
  );

  it.each([5, 6])(
    'at no time lets a user have more open jobs than they may, and counts each of them (seed %i)',
    async (seed) => {
      const run = await faultRun({ ...PLAN, jobs: 2_000, seed, userJobLimit: 3 });
      expect(run.mostOpen).toBe(3);
      expect(run.accepted.size).toBeLessThan(2_000);
      expect([...run.db.open.values()].filter((open) => open !== 0)).toEqual([]);
    },
    60_000,
  );

  it('keeps every audit chain whole', async () => {
    const { db } = await faultRun({ ...PLAN, jobs: 500, seed: 4 });
    const audit = createInMemoryAudit(db);
    const faults = await Promise.all(
      [...db.rows.values()].map(async (row) => verifyChain(await audit.chain(row.jobId), row)),
    );
    expect(faults.length).toBeGreaterThanOrEqual(500);
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  }, 60_000);
});

describe('the run bites', () => {
  it('finds doubled work when the fence is off', async () => {
    const run = await faultRun({ ...PLAN, jobs: 2000, seed: 1, guards: { ...PLAN.guards, fence: false } });
    expect(verdict(run).doubled).toBeGreaterThan(0);
  }, 60_000);

  it('finds stuck jobs when the reconciler is off', async () => {
    const run = await faultRun({
      ...PLAN,
      jobs: 2000,
      seed: 1,
      guards: { ...PLAN.guards, reconciler: false },
    });
    expect(verdict(run).stuck).toBeGreaterThan(0);
  }, 60_000);

  it('finds doses that nobody closed when kinds do not say how', async () => {
    const run = await faultRun({ ...PLAN, jobs: 2000, seed: 1, guards: { ...PLAN.guards, closing: false } });
    expect(verdict(run).leftOpen).toBeGreaterThan(0);
  }, 60_000);
});
