import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { tzdataVersion } from '../../clinical/index.ts';
import type { RecordShapes, ScheduleBody, UserBody } from '../ports.ts';
import { process } from './process.ts';

const NOW = '2027-03-01T12:00:00.000Z';
const OLD = '2019a';

function benchWith(
  body: Partial<ScheduleBody>,
  state: Partial<RecordShapes['schedule']['state']> = {},
  user?: Partial<UserBody>,
): KindBench {
  const bench = new KindBench(NOW);
  const owner = bench.refs.user('p1');
  bench.write({
    type: 'schedule',
    owner,
    id: bench.refs.medication('p1', 'm1'),
    expect: 'absent',
    state: {
      status: 'active',
      nextDueAt: '2027-03-01T19:00:00.000Z',
      acceptedAt: '2027-02-01T00:00:00.000Z',
      revision: 4,
      ...state,
    },
    body: {
      userId: 'p1',
      medicationId: 'm1',
      frequency: 'BID',
      times: ['08:00', '20:00'],
      timeZone: 'Europe/Berlin',
      timeZoneSource: 'user',
      startDate: '2027-02-01',
      tzdataVersion: tzdataVersion(),
      ...body,
    },
  });
  if (user)
    bench.write({
      type: 'user',
      owner,
      id: '',
      expect: 'absent',
      state: {},
      body: { userId: 'p1', ...user },
    });
  return bench;
}

/** A dose that the tick has made: at 13:05 in Berlin, by zone data that are older. */
function made(bench: KindBench, dueAt: string, slot: string): string {
  const id = `2027-03-01_${slot.replace(':', '')}_${bench.refs.medication('p1', 'm1')}`;
  bench.write({
    type: 'occurrence',
    owner: bench.refs.user('p1'),
    id,
    expect: 'absent',
    state: {
      status: 'scheduled',
      dueAt,
      expiresAt: '2027-03-01T18:00:00.000Z',
      scheduleRevision: 4,
      reason: null,
    },
    body: {
      userId: 'p1',
      medicationId: 'm1',
      localTime: `2027-03-01T${slot}:00+01:00`,
      timeZone: 'Europe/Berlin',
      slots: [slot],
    },
  });
  return id;
}

const run = async (bench: KindBench, reason: 'zone' | 'tzdata' = 'tzdata') => {
  const done = await process(bench.job({ user_id: 'p1', reason }), bench.world());
  if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
  bench.commit(done);
  return done;
};
const schedule = (bench: KindBench) => bench.all('schedule')[0];

describe('an update by new zone data', () => {
  it('notes the version only, when nothing moves', async () => {
    const bench = benchWith({ tzdataVersion: OLD });
    const { children, summary } = await run(bench);
    expect(schedule(bench)).toMatchObject({
      state: { revision: 4, nextDueAt: '2027-03-01T19:00:00.000Z' },
      body: { tzdataVersion: tzdataVersion() },
    });
    expect([children, summary]).toEqual([[], '1 schedules updated, 0 doses withheld, 0 schedules left']);
    expect((await run(bench)).summary).toBe('0 schedules updated, 0 doses withheld, 0 schedules left');
  });

  it('puts the next dose at the new instant of its clock time', async () => {
    // By the data before, 20:00 in Berlin was at 18:00 UTC.
    const bench = benchWith({ tzdataVersion: OLD }, { nextDueAt: '2027-03-01T18:00:00.000Z' });
    await run(bench);
    expect(schedule(bench)?.state).toMatchObject({ revision: 5, nextDueAt: '2027-03-01T19:00:00.000Z' });
  });

  it('moves a dose that was made already, and its delivery with it', async () => {
    const bench = benchWith({ tzdataVersion: OLD, times: ['13:07', '20:00'] });
    const id = made(bench, '2027-03-01T12:03:00.000Z', '13:07');
    const { children } = await run(bench);
    expect(bench.all('occurrence')).toMatchObject([
      { id, state: { status: 'scheduled', dueAt: '2027-03-01T12:07:00.000Z', scheduleRevision: 5 } },
    ]);
    expect(children).toMatchObject([
      { kind: 'reminder-delivery', dueAt: '2027-03-01T12:07:00.000Z', payload: { schedule_revision: 5 } },
    ]);
  });
});

describe('an update by another zone', () => {
  const lisbon = { timeZone: 'Europe/Lisbon' };

  it('adds a stay, closes what was made by the clock before, and keeps the order of acceptance', async () => {
    const bench = benchWith({ times: ['13:05', '20:00'] }, {}, lisbon);
    made(bench, '2027-03-01T12:05:00.000Z', '13:05');
    await run(bench, 'zone');
    expect(schedule(bench)).toMatchObject({
      state: { revision: 5, nextDueAt: '2027-03-01T13:05:00.000Z', acceptedAt: '2027-02-01T00:00:00.000Z' },
      body: { timeZone: 'Europe/Berlin', stays: [{ since: NOW, timeZone: 'Europe/Lisbon' }] },
    });
    expect(bench.all('occurrence')).toMatchObject([
      { state: { status: 'not_sent', reason: 'schedule_replaced' } },
    ]);
  });

  it('is wanted by a schedule in the zone of the deployment, too, and by no other', async () => {
    const byDefault = benchWith({ timeZoneSource: 'default' }, {}, lisbon);
    await run(byDefault, 'zone');
    expect(schedule(byDefault)?.body.stays).toHaveLength(1);
    for (const bench of [
      benchWith({ timeZoneSource: 'request' }, {}, lisbon),
      benchWith({}, { status: 'stopped' }, lisbon),
      benchWith({}, { nextDueAt: null }, lisbon),
      benchWith({}, {}, { timeZone: 'Europe/Berlin' }),
      benchWith({}, {}, {}),
      benchWith({ timeZone: 'Europe/Lisbon' }, {}, lisbon),
    ]) {
      const before = schedule(bench);
      await run(bench, 'zone');
      expect(schedule(bench)).toEqual(before);
    }
  });
});
