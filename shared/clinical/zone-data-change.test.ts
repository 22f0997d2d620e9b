import { describe, expect, it } from 'vitest';
import type { Schedule } from './schedule.ts';
import { afterZoneDataChange, type MadeOccurrence } from './zone-data-change.ts';

const NOW = '2026-07-01T06:00:00.000Z';
/** Berlin is at UTC+2 in July; these were computed as if summer time had been abolished. */
const schedule: Schedule = {
  frequency: 'QD',
  times: ['12:00'],
  timeZone: 'Europe/Berlin',
  startDate: '2026-06-01',
};
const made = (date: string, dueAt: string, slot = '12:00'): MadeOccurrence => ({
  id: `${date}/${slot}`,
  dueAt,
  localDate: date,
  slots: [slot],
});
const ask = (change: Partial<Parameters<typeof afterZoneDataChange>[0]> = {}) =>
  afterZoneDataChange({
    schedule,
    storedVersion: '2026a',
    currentVersion: '2026b',
    now: NOW,
    nextDueAt: '2026-07-02T11:00:00.000Z',
    made: [made('2026-07-01', '2026-07-01T11:00:00.000Z')],
    ...change,
  });

describe('after a change of the zone data', () => {
  it('nothing is recomputed while the version is the same', () => {
    expect(ask({ currentVersion: '2026a' })).toEqual({ recompute: false });
  });

  it('what is ahead moves to the new instant of its clock time, and the schedule stands at the next one', () => {
    expect(ask()).toEqual({
      recompute: true,
      nextDueAt: '2026-07-02T10:00:00.000Z',
      moved: [{ id: '2026-07-01/12:00', from: '2026-07-01T11:00:00.000Z', to: '2026-07-01T10:00:00.000Z' }],
      gone: [],
    });
  });

  it('what was right already does not move', () => {
    expect(ask({ made: [made('2026-07-01', '2026-07-01T10:00:00.000Z')] })).toMatchObject({ moved: [] });
  });

  it('what is past is left alone', () => {
    const past = made('2026-06-30', '2026-06-30T11:00:00.000Z');
    expect(ask({ made: [past] })).toMatchObject({
      moved: [],
      gone: [],
      nextDueAt: '2026-07-01T10:00:00.000Z',
    });
  });

  it('what the schedule does not have any more is named', () => {
    expect(ask({ made: [made('2026-07-01', '2026-07-01T11:30:00.000Z', '12:30')] })).toMatchObject({
      gone: ['2026-07-01/12:30'],
    });
  });

  it('an ended schedule stays ended', () => {
    expect(ask({ nextDueAt: null, made: [] })).toMatchObject({ recompute: true, nextDueAt: null });
  });
});
