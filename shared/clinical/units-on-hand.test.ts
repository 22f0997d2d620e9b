import { describe, expect, it } from 'vitest';
import { earlierUseAt, type UseOnRecord } from './earlier-use.ts';
import type { Schedule } from './schedule.ts';
import { unitsOnHand } from './units-on-hand.ts';

const BID: Schedule = {
  frequency: 'BID',
  times: ['08:00', '20:00'],
  timeZone: 'America/New_York',
  startDate: '2026-01-01',
};
const QID: Schedule = { ...BID, frequency: 'QID', times: ['08:00', '12:00', '16:00', '20:00'] };
/** Noon of 2 March in New York, in winter; the morning dose was taken, the evening dose was not. */
const NOON = '2026-03-02T17:00:00.000Z';
/** Some minutes after noon of that day in March. */
const march = (day: number) => `2026-03-${String(day).padStart(2, '0')}T17:30:00.000Z`;
const COUNTED = { supplyUnits: 60, takenAt: NOON };

type Body = NonNullable<UseOnRecord['schedule']>['body'];
const used = (body: Body, more: Partial<UseOnRecord> = {}, active = true): UseOnRecord => ({
  stopped: false,
  facts: {},
  schedule: { active, changedAt: '2026-03-01T00:00:00.000Z', body },
  ...more,
});
/** The same medication once another schedule took the place of this one. */
const replaced = (before: UseOnRecord, at: string, body: Body, counted = COUNTED): UseOnRecord => {
  const earlierUse = earlierUseAt(before, at, counted);
  return used({ ...body, startDate: at.slice(0, 10), ...(earlierUse && { earlierUse }) });
};
/** The same once it was stopped. */
const stopped = (before: UseOnRecord, at: string): UseOnRecord => {
  const earlierUse = earlierUseAt(before, at, COUNTED);
  const body = { ...BID, ...before.schedule?.body, ...(earlierUse && { earlierUse }) };
  return { ...used(body, {}, false), stopped: true };
};
const units = (record: UseOnRecord, until: string, counted = COUNTED) =>
  unitsOnHand(record, counted, until)?.units;

describe('units on hand', () => {
  const counted = { supplyUnits: 10, takenAt: NOON };

  it('are those counted without every dose since', () => {
    expect(units(used(BID), NOON, counted)).toBe(10);
    expect(units(used(BID), '2026-03-03T01:00:00.000Z', counted)).toBe(9);
    expect(units(used(BID), '2026-03-04T17:00:00.000Z', counted)).toBe(6);
    expect(units(used(BID), '2026-12-01T00:00:00.000Z', counted)).toBe(0);
  });

  it('keep what was skipped since the count, and no more than was due', () => {
    const skip = (...dueAts: readonly string[]) => dueAts.map((dueAt) => ({ dueAt, doses: 1 }));
    const left = (skipped: ReturnType<typeof skip>) =>
      unitsOnHand(used(BID), counted, '2026-03-04T17:00:00.000Z', skipped);
    expect(left(skip('2026-03-03T13:00:00.000Z'))).toEqual({ units: 7, skipped: 1 });
    expect(left(skip('2026-03-02T13:00:00.000Z', '2026-03-05T13:00:00.000Z'))).toMatchObject({ units: 6 });
    expect(left([{ dueAt: '2026-03-03T13:00:00.000Z', doses: 9 }])).toEqual({ units: 7, skipped: 1 });
  });

  it('keep fractions exact', () => {
    const record = used({ ...BID, doseUnits: 0.1 });
    expect(units(record, '2026-03-04T17:00:00.000Z', { ...counted, supplyUnits: 0.7 })).toBe(0.3);
  });

  it('as needed are without the most of each day of 24 hours that has begun', () => {
    const record: UseOnRecord = { stopped: false, facts: { maxDosesPerDay: 4 } };
    expect(units(record, NOON)).toBe(60);
    expect(units(record, march(2))).toBe(56);
    expect(units(record, march(4))).toBe(48);
  });
});

describe('units on hand after a change', () => {
  it('of the schedule are less what the earlier one used', () => {
    // Eight days of four doses, then one of one.
    const record = replaced(used(QID), march(10), { ...BID, frequency: 'QD', times: ['08:00'] });
    expect(units(record, march(10))).toBe(28);
    expect(units(record, march(11))).toBe(27);
  });

  it('to the same schedule stay what they were', () => {
    const twice = replaced(replaced(used(QID), march(4), QID), march(10), QID);
    expect(units(twice, march(10))).toBe(28);
  });

  it('by a stop stay as they are until it is used again', () => {
    const stop = stopped(used(QID), march(10));
    expect(units(stop, march(20))).toBe(28);
    const again = replaced(stop, march(20), QID);
    expect(units(again, march(20))).toBe(28);
    expect(units(again, march(21))).toBe(24);
  });

  it('of the units of a dose count each dose with those of its time', () => {
    const record = replaced(used({ ...QID, doseUnits: 1 }), march(10), { ...BID, doseUnits: 0.5 });
    expect(units(record, march(11))).toBe(27);
    const more = replaced(used({ ...BID, doseUnits: 0.5 }), march(4), { ...BID, doseUnits: 3 });
    expect(units(more, march(5))).toBe(60 - 2 - 6);
  });

  it('to and from doses as needed count the most of a day while they hold', () => {
    const prn: Body = { ...BID, frequency: 'PRN', times: [], maxDosesPerDay: 3 };
    const asNeeded = replaced(used(BID), march(4), prn);
    expect(units(asNeeded, march(6))).toBe(60 - 4 - 6);
    expect(units(replaced(asNeeded, march(6), BID), march(7))).toBe(60 - 4 - 6 - 2);
    const none = replaced(used({ ...BID, frequency: 'PRN', times: [] }), march(4), BID);
    expect(units(none, march(5))).toBeUndefined();
    expect(units(none, march(5), { supplyUnits: 9, takenAt: march(4) })).toBe(7);
  });

  it('from doses as needed without a schedule count these until it begins', () => {
    // Two days of 24 hours and half an hour: three have begun.
    const record = { stopped: false, facts: { maxDosesPerDay: 4 } };
    expect(units(replaced(record, march(4), BID), march(5))).toBe(60 - 12 - 2);
  });

  it('within a day of doses as needed count it once, by the largest most', () => {
    const prn: Body = { ...BID, frequency: 'PRN', times: [] };
    const at = (hour: number) => `2026-03-03T${hour}:00:00.000Z`;
    let record = used({ ...prn, maxDosesPerDay: 4 });
    for (const [hour, maxDosesPerDay] of [
      [18, 2],
      [19, 6],
      [20, 3],
    ] as const)
      record = replaced(record, at(hour), { ...prn, maxDosesPerDay });
    expect(units(record, at(18))).toBe(60 - 4 - 4);
    expect(units(record, at(21))).toBe(60 - 4 - 6);
    expect(units(record, march(4))).toBe(60 - 4 - 6 - 3);
    // What a count covers is no part of its first day.
    expect(units(record, at(21), { supplyUnits: 60, takenAt: at(20) })).toBe(57);
  });

  it('of elapsed intervals count each from its own anchor', () => {
    const hourly: Body = {
      ...BID,
      frequency: 'Q6H',
      times: [],
      intervalHours: 6,
      anchor: '2026-03-02T18:00:00.000Z',
    };
    const record = replaced(used(hourly), march(4), { ...hourly, intervalHours: 12, anchor: march(4) });
    // Eight until 4 March at 12:30, then the anchor's and three more.
    expect(units(record, march(6))).toBe(60 - 8 - 5);
  });

  it('value a skipped dose at the units of its time', () => {
    const record = replaced(used({ ...BID, doseUnits: 2 }), march(4), { ...BID, doseUnits: 1 });
    const skipped = [{ dueAt: '2026-03-03T13:00:00.000Z', doses: 1 }];
    expect(unitsOnHand(record, COUNTED, march(5), skipped)).toEqual({ units: 60 - 6 - 2, skipped: 1 });
  });

  it('lose every dose of a schedule that took the place of one whose dose was skipped ahead', () => {
    // The evening dose of 4 March was skipped in the morning; at noon came doses an hour later, or the same ones.
    const skipped = [{ dueAt: '2026-03-05T01:00:00.000Z', doses: 1 }];
    const onHand = (times: readonly string[], timeZone = BID.timeZone) => {
      const record = replaced(used(BID), march(4), { ...BID, times, timeZone });
      return unitsOnHand(record, COUNTED, march(5), skipped);
    };
    expect(onHand(['09:00', '21:00'])).toEqual({ units: 60 - 6, skipped: 0 });
    expect(onHand(BID.times, 'America/Chicago')).toEqual({ units: 60 - 6, skipped: 0 });
    expect(onHand(BID.times)).toEqual({ units: 60 - 5, skipped: 1 });
  });

  it('never value a dose at less than one, where only later its units were stated', () => {
    const half = replaced(used(BID), march(4), { ...BID, doseUnits: 0.5 });
    expect(units({ ...half, facts: { doseUnits: 0.5 } }, march(5))).toBe(60 - 4 - 1);
    const two = replaced(used(BID), march(4), { ...BID, doseUnits: 2 });
    expect(units({ ...two, facts: { doseUnits: 2 } }, march(5))).toBe(60 - 8 - 4);
  });

  it('start anew with a count, also one between two changes', () => {
    const record = replaced(used(QID), march(10), BID);
    expect(units(record, march(11), { supplyUnits: 30, takenAt: march(10) })).toBe(28);
    expect(units(record, march(11), { supplyUnits: 30, takenAt: march(9) })).toBe(24);
  });
});

describe('records of before this was kept', () => {
  it('count from the beginning while the schedule goes on, until the stop when it does not', () => {
    const stop = '2026-03-06T17:30:00.000Z';
    const old: UseOnRecord = {
      stopped: true,
      facts: {},
      schedule: { active: false, changedAt: stop, body: BID },
    };
    expect(units(old, march(9))).toBe(52);
    expect(units(replaced(old, march(9), BID), march(10))).toBe(50);
  });
});

describe('many changes between two counts', () => {
  /** Once a day for every one of these days, and another dose each time. */
  const changed = (days: number, doseUnits: (day: number) => number) => {
    let record = used({ ...BID, doseUnits: doseUnits(2) });
    for (let day = 3; day <= days; day += 1)
      record = replaced(record, march(day), { ...BID, doseUnits: doseUnits(day) }, { ...COUNTED });
    return record;
  };

  it('are summed up and lose nothing', () => {
    const record = changed(24, (day) => day / 10);
    const earlier = record.schedule?.body.earlierUse;
    expect(earlier?.stretches).toHaveLength(12);
    expect(earlier?.summed?.unitsPerDose).toBe(0.2);
    const sum = Array.from({ length: 22 }, (_, index) => 2 * (index + 2)).reduce((a, b) => a + b, 0);
    expect(units(record, march(24))).toBe((600 - sum) / 10);
    const skipped = [{ dueAt: '2026-03-03T13:00:00.000Z', doses: 1 }];
    expect(unitsOnHand(record, COUNTED, march(24), skipped)?.units).toBe((600 - sum + 2) / 10);
  });

  it('leave a record of some kilobytes, and nothing of what a count covers', () => {
    const stays = Array.from({ length: 12 }, (_, index) => ({
      since: march(index + 3),
      timeZone: 'America/Argentina/ComodRivadavia',
    }));
    let record = used({ ...QID, stays });
    for (let day = 3; day <= 28; day += 1) record = replaced(record, march(day), { ...QID, stays });
    expect(JSON.stringify(record.schedule?.body.earlierUse).length).toBeLessThan(24_000);
    const counted = { supplyUnits: 60, takenAt: '2026-03-29T00:00:00.000Z' };
    const next = replaced(record, '2026-03-29T01:00:00.000Z', QID, counted);
    expect(next.schedule?.body.earlierUse).toEqual({
      since: '2026-03-29T01:00:00.000Z',
      stretches: [expect.objectContaining({ until: '2026-03-29T01:00:00.000Z' })],
    });
  });

  it('of which one is not known stay not known until the next count', () => {
    let record = used({ ...BID, frequency: 'PRN', times: [] });
    for (let day = 3; day <= 20; day += 1) record = replaced(record, march(day), BID);
    expect(record.schedule?.body.earlierUse?.summed).toBeDefined();
    expect(units(record, march(21))).toBeUndefined();
    expect(units(record, march(21), { supplyUnits: 9, takenAt: march(20) })).toBe(7);
  });
});
