import { describe, expect, it } from 'vitest';
import { type DeliverySetting, DUE, deliveryBench } from '#test/builders/delivery-bench.ts';
import type { SpacingCause } from '../../clinical/index.ts';
import type { RecordShapes } from '../ports.ts';
import { process } from './process.ts';

const BEFORE = '2026-03-08T08:00:00.000Z';

/** The dose at 12:00Z after a change of schedule, and one of before it. */
function afterChange(
  by: SpacingCause | undefined,
  before: Partial<RecordShapes['occurrence']['state']>,
  set: DeliverySetting & { movedAt?: string } = {},
) {
  const made = deliveryBench(set);
  const { bench, medicationRef, owner } = made;
  const [schedule] = bench.all('schedule');
  if (!schedule) throw new Error('There is no schedule.');
  const at = set.movedAt ?? '2026-03-08T09:00:00.000Z';
  const state = { ...schedule.state, ...(by && { moved: { at, revision: 1, by } }) };
  bench.write(
    { type: 'schedule', owner, id: medicationRef, expect: 'any', state, body: schedule.body },
    {
      type: 'occurrence',
      owner,
      id: `${before.dueAt?.slice(0, 10) ?? '2026-03-08'}_0300_${medicationRef}`,
      expect: 'absent',
      state: { status: 'published', dueAt: BEFORE, scheduleRevision: 1, reason: null, ...before },
      body: {
        userId: 'p1',
        medicationId: 'm1',
        localTime: '2026-03-08T03:00:00-05:00',
        timeZone: 'America/New_York',
        slots: ['03:00'],
      },
    },
  );
  const world = bench.world();
  let ranges = 0;
  const { records } = world;
  const counted: typeof world = {
    ...world,
    records: {
      readMany: (keys) => records.readMany(keys),
      list: (...of) => records.list(...of),
      owners: (...of) => records.owners(...of),
      patientsOf: (...of) => records.patientsOf(...of),
      range: (...of) => {
        ranges += 1;
        return records.range(...of);
      },
    },
  };
  return { ...made, tell: () => process(made.job(), counted), ranges: () => ranges };
}

describe('a dose that is about to be told soon after a change', () => {
  it('is held after a change of clock, and not sent after a replacement, when one of before lies too close', async () => {
    expect(await afterChange('zone_change', {}).tell()).toMatchObject({
      end: 'succeeded',
      result: { held: 'close_after_zone_change' },
      writes: [{ state: { status: 'needs_confirmation' } }],
      children: [{ payload: { purpose: 'needs_confirmation', tell_at: DUE } }],
    });
    expect(await afterChange('replacement', {}).tell()).toMatchObject({
      end: 'superseded',
      reason: 'too_close',
      writes: [{ state: { status: 'not_sent', reason: 'too_close' } }],
    });
  });

  it.each([
    ['skipped', { status: 'skipped' as const }],
    ['not sent', { status: 'not_sent' as const, reason: 'too_late' }],
    ['far enough away', { dueAt: '2026-03-08T06:00:00.000Z' }],
  ])('is told when the one of before was %s', async (_, before) => {
    expect(await afterChange('zone_change', before).tell()).toMatchObject({ result: { purpose: 'dose' } });
  });

  it('is not sent either when the one of before lies months back, and half the interval is longer', async () => {
    const terms = { frequency: 'Q3MO', times: ['08:00'], startDate: '2026-03-08' };
    const before = { dueAt: '2026-01-28T13:00:00.000Z' };
    expect(await afterChange('replacement', before, { terms }).tell()).toMatchObject({ reason: 'too_close' });
    const longer = { dueAt: '2026-01-20T13:00:00.000Z' };
    expect(await afterChange('replacement', longer, { terms }).tell()).toMatchObject({ end: 'succeeded' });
  });

  it('is told when a person has confirmed it', async () => {
    const acknowledgement = {
      outcome: 'confirmed' as const,
      at: BEFORE,
      recordedAt: BEFORE,
      by: { ref: 'r', role: 'patient' as const },
    };
    const play = afterChange('zone_change', {}, { state: { acknowledgement } });
    expect(await play.tell()).toMatchObject({ result: { purpose: 'dose' } });
    expect(play.ranges()).toBe(0);
  });

  it('is not told by halves: one that may have been told stays uncertain', async () => {
    expect(await afterChange('zone_change', {}, { status: 'sending' }).tell()).toMatchObject({
      writes: [{ state: { status: 'not_sent', reason: 'delivery_uncertain' } }],
    });
  });
});

it('an ordinary dose reads no doses of before, nor does one long after a change or a message that follows', async () => {
  for (const play of [
    afterChange(undefined, {}),
    afterChange('zone_change', {}, { movedAt: '2026-03-05T09:00:00.000Z' }),
    afterChange(
      'zone_change',
      {},
      { status: 'published', order: { purpose: 'follow_up', number: 1, tell_at: DUE } },
    ),
  ]) {
    expect(await play.tell()).toMatchObject({ end: 'succeeded' });
    expect(play.ranges()).toBe(0);
  }
  const soon = afterChange('zone_change', { dueAt: '2026-03-08T06:00:00.000Z' });
  await soon.tell();
  expect(soon.ranges()).toBe(1);
});
