import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dosesDue } from './doses-due.ts';
import { occurrenceId } from './due-occurrence.ts';
import { occurrencesBetween } from './occurrences.ts';
import type { Schedule } from './schedule.ts';
import { presentZone, readAt, stretchesOf, withStay } from './stays.ts';

const HOME: Schedule = {
  frequency: 'BID',
  times: ['08:00', '20:00'],
  timeZone: 'Asia/Tokyo',
  startDate: '2027-02-01',
};
const TRIP: Schedule = {
  ...HOME,
  stays: [
    { since: '2027-03-02T01:00:00.000Z', timeZone: 'Pacific/Honolulu' },
    { since: '2027-03-05T12:00:00.000Z', timeZone: 'Asia/Tokyo' },
  ],
};

describe('a schedule with stays', () => {
  it('is read by the clock of the stay, and by that of home before it', () => {
    const locals = occurrencesBetween(TRIP, '2027-03-01T00:00:00Z', '2027-03-03T00:00:00Z');
    expect(locals.map(({ localTime }) => localTime)).toEqual([
      '2027-03-01T20:00:00+09:00',
      '2027-03-02T08:00:00+09:00',
      '2027-03-01T20:00:00-10:00',
      '2027-03-02T08:00:00-10:00',
    ]);
    expect(new Set(locals.map((one) => occurrenceId(one, 'ref'))).size).toBe(4);
    expect(occurrenceId(locals[2] ?? { localDate: '', slots: [''] }, 'ref')).toBe('2027-03-01_2000W1000_ref');
  });

  it('counts its doses as they were due, over any stretch', () => {
    const moment = fc
      .integer({ min: Date.parse('2027-02-01T00:00:00Z'), max: Date.parse('2027-04-01T00:00:00Z') })
      .map((ms) => new Date(ms).toISOString());
    const schedules = fc.constantFrom<Schedule>(
      TRIP,
      { ...TRIP, frequency: 'QOD', times: ['08:00'] },
      {
        ...TRIP,
        frequency: 'Q8H',
        times: [],
        intervalHours: 8,
        anchor: '2027-02-01T01:00:00.000Z',
        endDate: '2027-03-10',
      },
    );
    fc.assert(
      fc.property(schedules, moment, moment, (schedule, a, b) => {
        const [after, until] = a < b ? [a, b] : [b, a];
        const later = new Date(Date.parse(after) + 1).toISOString();
        const end = new Date(Date.parse(until) + 1).toISOString();
        expect(dosesDue(schedule, after, until)).toBe(occurrencesBetween(schedule, later, end).length);
      }),
    );
  });

  it('is read ahead in the zone of the moment', () => {
    expect(readAt(TRIP, '2027-03-02T00:59:59.999Z').timeZone).toBe('Asia/Tokyo');
    expect(readAt(TRIP, '2027-03-02T01:00:00.000Z').timeZone).toBe('Pacific/Honolulu');
    expect(stretchesOf(readAt(TRIP, '2027-03-03T00:00:00.000Z'))).toHaveLength(1);
    expect([presentZone(HOME), presentZone(TRIP)]).toEqual(['Asia/Tokyo', 'Asia/Tokyo']);
  });
});

describe('withStay', () => {
  it('replaces a stay that would begin later', () => {
    const stay = { since: '2027-03-05T11:00:00.000Z', timeZone: 'Europe/Paris' };
    expect(withStay(TRIP, stay).stays).toEqual([TRIP.stays?.[0], stay]);
  });

  it('forgets the oldest of many, and reads the time before as it was read last', () => {
    let zones = withStay(HOME, { since: '2027-03-01T00:00:00.000Z', timeZone: 'Europe/Paris' });
    for (let day = 2; day <= 14; day += 1) {
      const since = `2027-03-${String(day).padStart(2, '0')}T00:00:00.000Z`;
      zones = withStay(zones, { since, timeZone: day % 2 === 0 ? 'Europe/Rome' : 'Europe/Paris' });
    }
    expect(zones.stays).toHaveLength(12);
    expect([zones.timeZone, zones.stays[0]?.since]).toEqual(['Europe/Rome', '2027-03-03T00:00:00.000Z']);
  });
});
