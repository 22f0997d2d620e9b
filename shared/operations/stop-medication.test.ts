import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  NOW,
  requestAt,
  type TestEngine,
  withSchedules,
} from '#test/builders/test-engine.ts';
import type { RecordWrite, ScheduleBody } from '../jobs/ports.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { stopMedication } from './stop-medication.ts';

const TARGET = { userId: 'user-1', medicationId: 'med-1' };
const SCHEDULE: ScheduleBody = {
  ...TARGET,
  frequency: 'QD',
  times: ['08:00'],
  timeZone: 'Europe/Berlin',
  startDate: '2026-11-01',
  tzdataVersion: 'test',
};

async function setUp(withSchedule = true) {
  const engine = createTestEngine([]);
  const owner = engine.refs.user('user-1');
  const id = engine.refs.medication('user-1', 'med-1');
  const writes: RecordWrite[] = [
    { type: 'medication', owner, id, expect: 'absent', state: { status: 'active' }, body: TARGET },
  ];
  const state = { status: 'active', nextDueAt: NOW, acceptedAt: NOW, revision: 3 } as const;
  if (withSchedule) writes.push({ type: 'schedule', owner, id, expect: 'absent', state, body: SCHEDULE });
  await engine.schedules.commit(writes, []);
  const stored = async () => ({
    medication: await engine.schedules.read({ type: 'medication', owner, id }),
    schedule: await engine.schedules.read({ type: 'schedule', owner, id }),
  });
  return { engine, stored, owner, id };
}

const stop = (engine: TestEngine, caller = callerAs('patient', 'user-1')) =>
  stopMedication(engine, caller, TARGET, requestAt(engine));
const entries = (engine: TestEngine) => [...engine.db.audit.values()];

describe('stopping a medication', () => {
  it('stops it and its schedule, keeps what they say, and leaves an audit entry', async () => {
    const { engine, stored, owner, id } = await setUp();
    expect(await stop(engine)).toEqual({ medication_id: 'med-1', status: 'stopped' });
    expect(await stored()).toMatchObject({
      medication: { version: 2, state: { status: 'stopped' }, body: TARGET },
      schedule: { version: 2, state: { status: 'stopped', nextDueAt: null, revision: 3 }, body: SCHEDULE },
    });
    expect(entries(engine)).toMatchObject([
      {
        action: 'medication.stopped',
        subjectRef: owner,
        actor: { ref: engine.refs.actor('user-1'), role: 'patient' },
        correlationId: 'request-1',
        details: { medication_ref: id, reminders: true },
      },
    ]);
    expect(JSON.stringify(entries(engine))).not.toMatch(/user-1|med-1/);
  });

  it('records a dose that is due and that no tick has made: it was not told', async () => {
    const { engine, id } = await setUp();
    const later = { correlationId: 'c', receivedAt: addSeconds(NOW, 2 * 86_400) };
    await stopMedication(engine, callerAs('patient', 'user-1'), TARGET, later);
    const made = [...engine.db.records.values()].filter(({ type }) => type === 'occurrence');
    expect(made).toMatchObject([
      { id: expect.stringContaining(id), state: { status: 'not_sent', reason: 'too_late' } },
      { id: expect.stringContaining(id), state: { status: 'not_sent' } },
    ]);
  });

  it('without reminders stops it all the same', async () => {
    const { engine, stored } = await setUp(false);
    await stop(engine);
    expect(await stored()).toMatchObject({ medication: { state: { status: 'stopped' } } });
    expect(entries(engine)).toMatchObject([{ details: { reminders: false } }]);
  });

  it('twice changes nothing the second time, is answered alike and recorded as a read', async () => {
    const { engine, stored } = await setUp();
    const first = await stop(engine);
    const after = await stored();
    expect(await stop(engine)).toEqual(first);
    expect(await stored()).toEqual(after);
    expect(entries(engine).map(({ action }) => action)).toEqual(['medication.stopped', 'medications.read']);
  });

  it('is tried again when the tick moves the schedule meanwhile', async () => {
    const { engine, stored, owner, id } = await setUp();
    let commits = 0;
    const moving = withSchedules(engine, {
      commit: async (writes, jobs, audit) => {
        commits += 1;
        const schedule = await engine.schedules.read({ type: 'schedule', owner, id });
        if (commits === 1 && schedule)
          await engine.schedules.commit(
            [{ ...schedule, type: 'schedule', owner, id, expect: schedule.version }],
            [],
          );
        return engine.schedules.commit(writes, jobs, audit);
      },
    });
    await stop(moving);
    expect(commits).toBe(2);
    expect(await stored()).toMatchObject({ schedule: { state: { status: 'stopped' } } });
    expect(entries(engine)).toHaveLength(1);
  });

  it('gives up with a clear answer when it never stands still', async () => {
    const { engine } = await setUp();
    const busy = withSchedules(engine, { commit: async () => 'conflict' });
    await expect(stop(busy)).rejects.toMatchObject({ code: 'state_conflict' });
    expect(entries(engine)).toEqual([]);
  });

  it('that the user does not have is not found', async () => {
    const { engine } = await setUp();
    const target = { ...TARGET, medicationId: 'med-2' };
    const missing = stopMedication(engine, callerAs('patient', 'user-1'), target, requestAt(engine));
    await expect(missing).rejects.toMatchObject({ code: 'medication_not_found' });
  });

  it.each([
    ['another patient', callerAs('patient', 'user-2')],
    ['a caregiver of others', callerAs('caregiver', 'carer', ['user-2'])],
    ['an operator', callerAs('operator', 'op')],
    ['an analyst', callerAs('analyst', 'an')],
  ])('is forbidden to %s', async (_, caller) => {
    const { engine, stored } = await setUp();
    await expect(stop(engine, caller)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await stored()).toMatchObject({ medication: { state: { status: 'active' } } });
  });
});
