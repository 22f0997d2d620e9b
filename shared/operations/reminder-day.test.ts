import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { letTimePass, setReminder, type Told } from '#test/builders/reminders.ts';
import {
  callerAs,
  counted,
  createTestEngine,
  requestAt,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { verifyChain } from '../evidence/audit-chain.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { secondsBetween } from '../lifecycle/instant.ts';
import { isTerminal } from '../lifecycle/transitions.ts';
import { stopMedication } from './stop-medication.ts';

// In New York the clocks go from 02:00 to 03:00 on 2026-03-08: the day has 23 hours and no 02:30.
const DAY_BEFORE = '2026-03-07T05:00:00.000Z';
const MIDNIGHT = '2026-03-08T05:00:00.000Z';
const NEXT_MIDNIGHT = '2026-03-09T04:00:00.000Z';
const DAY_AFTER = '2026-03-10T04:00:00.000Z';
/** 02:30 on that day, read with the offset before the gap: 03:30 daylight time. */
const GAP_DOSE = '2026-03-08T07:30:00.000Z';
const time_zone = 'America/New_York';

let engine: TestEngine;
beforeEach(() => {
  engine = createTestEngine(JOB_KINDS, { start: DAY_BEFORE, dueShards: 3 });
});

const nightly = (medicationId = 'nightly', times = ['02:30']) =>
  setReminder(engine, { medicationId, schedule: { frequency: 'QD', times, time_zone } });
const of = (told: readonly Told[], medicationId: string) =>
  told.filter((one) => one.medicationId === medicationId);
const delays = (told: readonly Told[]) => told.map((one) => secondsBetween(one.dueAt, one.at));
const notSent = () =>
  [...engine.db.records.values()].flatMap((record) => {
    const state = record.state as { status?: string; reason?: string; dueAt?: string }; // Of whatever type it is.
    return state.status === 'not_sent' ? [`${state.dueAt} ${state.reason}`] : [];
  });

describe('the day on which the clocks go forward', () => {
  it('tells every dose of three days once, never early, within a minute', async () => {
    await nightly();
    const daily = { frequency: 'TID', times: ['01:59', '03:00', '23:59'], time_zone };
    await setReminder(engine, { medicationId: 'daily', schedule: daily });
    const elapsed = { frequency: 'Q6H', anchor: '2026-03-07T02:30', time_zone };
    await setReminder(engine, { medicationId: 'elapsed', schedule: elapsed });
    await setReminder(engine, {
      userId: 'user-2',
      medicationId: 'abroad',
      schedule: { frequency: 'QD', times: ['02:30'], time_zone: 'Europe/Berlin' },
    });
    const told = await letTimePass(engine, DAY_AFTER);

    expect(of(told, 'nightly').map((one) => `${one.dueAt} ${one.localTime}`)).toEqual([
      '2026-03-07T07:30:00.000Z 2026-03-07T02:30:00-05:00',
      `${GAP_DOSE} 2026-03-08T03:30:00-04:00`,
      '2026-03-09T06:30:00.000Z 2026-03-09T02:30:00-04:00',
    ]);
    expect(of(told, 'daily').map((one) => one.dueAt)).toEqual([
      '2026-03-07T06:59:00.000Z',
      '2026-03-07T08:00:00.000Z',
      '2026-03-08T04:59:00.000Z',
      '2026-03-08T06:59:00.000Z',
      '2026-03-08T07:00:00.000Z',
      '2026-03-09T03:59:00.000Z',
      '2026-03-09T05:59:00.000Z',
      '2026-03-09T07:00:00.000Z',
      '2026-03-10T03:59:00.000Z',
    ]);
    const sixHourly = of(told, 'elapsed').map((one) => Date.parse(one.dueAt));
    expect(sixHourly).toHaveLength(12);
    expect(new Set(sixHourly.slice(1).map((ms, index) => ms - (sixHourly[index] ?? 0)))).toEqual(
      new Set([6 * 3_600_000]),
    );
    expect(of(told, 'abroad')).toHaveLength(3);

    expect(Math.min(...delays(told))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays(told))).toBeLessThanOrEqual(60);
    expect(told.filter((one) => one.late)).toEqual([]);
    expect(engine.publisher.all.filter((one) => one.possible_duplicate)).toEqual([]);
    expect(new Set(engine.publisher.all.map((one) => one.occurrence_id)).size).toBe(told.length);
    expect(notSent()).toEqual([]);
    expect(
      [...engine.db.rows.values()]
        .filter((row) => !isTerminal(row.status))
        .every((row) => row.dueAt >= DAY_AFTER),
    ).toBe(true);
  });

  it('leaves a whole audit chain for each delivery', async () => {
    await nightly();
    await letTimePass(engine, NEXT_MIDNIGHT);
    const rows = [...engine.db.rows.values()].filter((row) => row.kind === 'reminder-delivery');
    expect(rows.map((row) => row.status)).toEqual(['succeeded', 'succeeded']);
    for (const row of rows) {
      const chain = await engine.audit.chain(row.jobId);
      expect(chain.map((entry) => entry.action)).toEqual(['job.accepted', 'job.succeeded']);
      expect(verifyChain(chain, row)).toBeUndefined();
    }
  });

  it('catches up after an hour without a tick: late doses say so, those out of their window are not sent', async () => {
    await nightly();
    await setReminder(engine, {
      medicationId: 'hourly',
      schedule: { frequency: 'Q1H', anchor: '2026-03-07T00:20', time_zone },
    });
    await letTimePass(engine, MIDNIGHT);
    const out = (minute: string) =>
      minute >= '2026-03-08T07:00:00.000Z' && minute < '2026-03-08T08:00:00.000Z';
    const told = await letTimePass(engine, '2026-03-08T10:00:00.000Z', out);
    expect(of(told, 'nightly')).toEqual([
      {
        at: '2026-03-08T08:00:00.000Z',
        dueAt: GAP_DOSE,
        medicationId: 'nightly',
        localTime: '2026-03-08T03:30:00-04:00',
        late: true,
      },
    ]);
    // The dose of 07:20 could be told until 07:50; that of 08:20 is in time again.
    expect(of(told, 'hourly').map((one) => `${one.dueAt} ${one.late}`)).toEqual([
      '2026-03-08T05:20:00.000Z false',
      '2026-03-08T06:20:00.000Z false',
      '2026-03-08T08:20:00.000Z false',
      '2026-03-08T09:20:00.000Z false',
    ]);
    expect(notSent()).toEqual(['2026-03-08T07:20:00.000Z too_late']);
    expect(counted(engine, 'reminders_not_sent')).toEqual([1]);
    expect(Math.max(...counted(engine, 'tick_lag'))).toBe(3600);
  });

  it('tells each dose once or records it as not sent, whichever ticks are missing', async () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 18 });
    await fc.assert(
      fc.asyncProperty(minutes, async (blocks) => {
        engine = createTestEngine(JOB_KINDS, { start: '2026-03-08T06:30:00.000Z', dueShards: 2 });
        await nightly();
        const schedule = { frequency: 'Q1H', anchor: '2026-03-07T00:20', time_zone };
        await setReminder(engine, { medicationId: 'hourly', schedule });
        // Ticks are missing in blocks of ten minutes; the last half hour is quiet.
        const begun = Date.parse('2026-03-08T06:30:00.000Z');
        const isOut = (at: string) => blocks.includes(Math.floor((Date.parse(at) - begun) / 600_000));
        const told = await letTimePass(engine, '2026-03-08T10:30:00.000Z', isOut);
        const dueOfTold = told.map((one) => `${one.medicationId} ${one.dueAt}`);
        expect(new Set(dueOfTold).size).toBe(told.length);
        const missed = notSent().map((one) => `hourly ${one.replace(' too_late', '')}`);
        expect([...dueOfTold, ...missed].toSorted()).toEqual([
          'hourly 2026-03-08T07:20:00.000Z',
          'hourly 2026-03-08T08:20:00.000Z',
          'hourly 2026-03-08T09:20:00.000Z',
          'hourly 2026-03-08T10:20:00.000Z',
          `nightly ${GAP_DOSE}`,
        ]);
        expect(Math.min(...delays(told))).toBeGreaterThanOrEqual(0);
        expect(told.filter((one) => secondsBetween(one.dueAt, one.at) > 60 !== one.late)).toEqual([]);
        const window = (one: Told) => (one.medicationId === 'hourly' ? 1800 : 12 * 3600);
        expect(told.filter((one) => secondsBetween(one.dueAt, one.at) >= window(one))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('tells a dose once although its schedule is set anew after it was ordered', async () => {
    await nightly();
    await letTimePass(engine, '2026-03-08T07:27:00.000Z');
    expect(engine.queue.held).toHaveLength(1);
    await nightly();
    const told = await letTimePass(engine, NEXT_MIDNIGHT);
    expect(told.map((one) => `${one.dueAt} ${one.late}`)).toEqual([`${GAP_DOSE} false`]);
    const deliveries = [...engine.db.rows.values()].filter(
      (row) => row.kind === 'reminder-delivery' && row.dueAt === GAP_DOSE,
    );
    expect(deliveries.map((row) => row.status).toSorted()).toEqual(['succeeded', 'superseded']);
  });

  it('does not tell a dose a second time when its schedule is set anew after it was told', async () => {
    await nightly();
    await letTimePass(engine, '2026-03-08T07:31:00.000Z');
    await nightly();
    const told = await letTimePass(engine, DAY_AFTER);
    expect(told.map((one) => one.dueAt)).toEqual(['2026-03-09T06:30:00.000Z']);
  });

  it('does not tell the old time of a schedule that was moved after the dose was ordered', async () => {
    await nightly();
    await letTimePass(engine, '2026-03-08T07:27:00.000Z');
    await nightly('nightly', ['04:30']);
    const told = await letTimePass(engine, NEXT_MIDNIGHT);
    expect(told.map((one) => one.dueAt)).toEqual(['2026-03-08T08:30:00.000Z']);
    expect(notSent()).toEqual([`${GAP_DOSE} schedule_replaced`]);
  });

  it('tells a dose that is due within minutes of its schedule, once', async () => {
    await letTimePass(engine, '2026-03-08T07:26:00.000Z');
    await nightly('soon');
    await letTimePass(engine, '2026-03-08T07:29:00.000Z');
    await nightly('at the last moment');
    const told = await letTimePass(engine, NEXT_MIDNIGHT);
    expect(told.map((one) => `${one.medicationId} ${one.dueAt}`)).toEqual([
      `soon ${GAP_DOSE}`,
      `at the last moment ${GAP_DOSE}`,
    ]);
    expect(Math.max(...delays(told))).toBeLessThanOrEqual(60);
  });

  it('tells nothing of a medication that was stopped, not even what was ordered', async () => {
    await nightly();
    await nightly('goes on');
    await letTimePass(engine, '2026-03-08T07:28:00.000Z');
    const target = { userId: 'user-1', medicationId: 'nightly' };
    await stopMedication(engine, callerAs('patient'), target, requestAt(engine));
    const told = await letTimePass(engine, DAY_AFTER);
    expect(of(told, 'nightly')).toEqual([]);
    expect(of(told, 'goes on')).toHaveLength(2);
    expect(notSent()).toEqual([`${GAP_DOSE} medication_stopped`]);
  });
});
