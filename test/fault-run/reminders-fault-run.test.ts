import { describe, expect, it } from 'vitest';
import { isTerminal } from '#shared/lifecycle/transitions.ts';
import { eventFaults, NO_EVENT_FAULTS } from './event-faults.ts';
import { type FaultRunPlan, faultRun, START } from './fault-run.ts';
import { reminderFaults, reminderVerdict } from './fault-run-reminders.ts';

const PLAN: Omit<FaultRunPlan, 'seed'> = {
  jobs: 300,
  reminders: 250,
  rates: { portFails: 0.05, workerDies: 0.02, workerStalls: 0.01, duplicateDelivery: 0.01 },
  guards: { fence: true, reconciler: true, closing: true },
};

const CLEAN = {
  schedules: 250,
  lost: 0,
  leftOpen: 0,
  publishedButNotTold: 0,
  notSentButTold: 0,
  early: 0,
  afterTheWindow: 0,
  unflagged: 0,
};

describe('reminders on a day in which everything fails at some time', () => {
  it.each([1, 2])(
    'lose no dose, tell none early or too late, and flag every second message (seed %i)',
    async (seed) => {
      const run = await faultRun({ ...PLAN, seed });
      expect(reminderVerdict(run)).toEqual(CLEAN);
      expect(eventFaults(run.db)).toEqual(NO_EVENT_FAULTS);
      expect([...run.db.rows.values()].filter(({ status }) => !isTerminal(status))).toEqual([]);
      const { doses, late, flagged, followUps } = reminderFaults(run);
      expect(doses).toBeGreaterThan(900);
      expect(Math.min(late, flagged, followUps)).toBeGreaterThan(0);
    },
    60_000,
  );

  it('finds what roll-ups are told wrongly', async () => {
    const { db } = await faultRun({ ...PLAN, seed: 1, jobs: 0, reminders: 20 });
    expect(eventFaults(db)).toEqual(NO_EVENT_FAULTS);
    const { accepted, doses } = db.events;
    const [[lost = ''] = [], [stale = '', row] = []] = doses;
    const [jobId = ''] = accepted.keys();
    if (!row) throw new Error('No dose was told.');
    doses.delete(lost);
    doses.set(stale, { ...row, status: row.status === 'taken' ? 'skipped' : 'taken' });
    doses.set('moved', { ...row, dueAt: START });
    doses.set('invented', { ...row, occurrenceId: 'nobody' });
    accepted.delete(jobId);
    expect(eventFaults(db)).toEqual({
      dosesToldWrongly: 2,
      dosesOfNobody: 1,
      acceptedUntold: 1,
      acceptedOfNobody: 0,
    });
  }, 60_000);

  it('finds doses that nobody told and nobody closed when the reconciler is off', async () => {
    const guards = { ...PLAN.guards, reconciler: false };
    expect(reminderVerdict(await faultRun({ ...PLAN, seed: 1, guards })).leftOpen).toBeGreaterThan(0);
  }, 60_000);
});
