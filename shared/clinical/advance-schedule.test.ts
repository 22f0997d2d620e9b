import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceSchedule, firstDueAt, MATERIALISE_AHEAD_SECONDS } from './advance-schedule.ts';
import { occurrenceId } from './due-occurrence.ts';
import { occurrencesBetween } from './occurrences.ts';
import type { Schedule } from './schedule.ts';

const bid: Schedule = {
  frequency: 'BID',
  times: ['08:00', '20:00'],
  timeZone: 'America/New_York',
  startDate: '2026-03-01',
};
const advance = (nextDueAt: string | null, now: string, more = {}) =>
  advanceSchedule({ schedule: bid, nextDueAt, now, medicationRef: 'm1', ...more });

describe('advanceSchedule', () => {
  it('makes what is due within the horizon, with id, window and slots', () => {
    expect(advance('2026-03-08T12:00:00.000Z', '2026-03-08T11:55:00.000Z')).toEqual({
      due: [
        {
          id: '2026-03-08_0800_m1',
          dueAt: '2026-03-08T12:00:00.000Z',
          expiresAt: '2026-03-08T18:00:00.000Z',
          localDate: '2026-03-08',
          localTime: '2026-03-08T08:00:00-04:00',
          timeZone: 'America/New_York',
          slots: ['08:00'],
        },
      ],
      notSent: [],
      nextDueAt: '2026-03-09T00:00:00.000Z',
      complete: true,
    });
  });

  it('leaves what lies beyond the horizon', () => {
    const next = '2026-03-08T12:00:00.000Z';
    const ahead = (seconds: number) => new Date(Date.parse(next) - seconds * 1000).toISOString();
    const beyond = advance(next, ahead(MATERIALISE_AHEAD_SECONDS + 1));
    expect(beyond).toEqual({ due: [], notSent: [], nextDueAt: next, complete: true });
    expect(advance(next, ahead(MATERIALISE_AHEAD_SECONDS)).due).toHaveLength(1);
    expect(advance(next, ahead(301), { horizonSeconds: 300 }).due).toHaveLength(0);
    expect(advance(next, ahead(300), { horizonSeconds: 300 }).due).toHaveLength(1);
  });

  it('still makes a dose that is found late inside its window, and not one after it', () => {
    const late = advance('2026-03-07T13:00:00.000Z', '2026-03-08T15:00:00.000Z');
    expect(late.notSent.map(({ id }) => id)).toEqual(['2026-03-07_0800_m1', '2026-03-07_2000_m1']);
    expect(late.due.map(({ id }) => id)).toEqual(['2026-03-08_0800_m1']);
    expect(late.nextDueAt).toBe('2026-03-09T00:00:00.000Z');
  });

  it('holds a window below 12 hours and before the next dose', () => {
    const weekly = { ...bid, frequency: 'WK', times: ['08:00'] };
    const [due] = advance('2026-03-01T13:00:00.000Z', '2026-03-01T13:00:00.000Z', { schedule: weekly }).due;
    expect(due?.expiresAt).toBe('2026-03-02T01:00:00.000Z');
  });

  it.each([
    // Half the interval as prescribed is 4 hours, whatever the times are.
    ['TID', ['08:00', '14:00', '20:00'], undefined, ['12:00', '18:00', '00:00']],
    // The next dose is due before half of 12 hours are over.
    ['BID', ['08:00', '12:00'], undefined, ['12:00', '18:00']],
    ['BID', ['08:00', '20:00'], 30, ['08:30', '20:30']],
    ['BID', ['08:00', '12:00'], 600, ['12:00', '22:00']],
  ])('%s at %j with a window of %s minutes ends at %j', (frequency, times, lateWindowMinutes, ends) => {
    const schedule = {
      ...bid,
      frequency,
      times,
      timeZone: 'UTC',
      ...(lateWindowMinutes !== undefined && { lateWindowMinutes }),
    };
    const from = '2026-03-05T08:00:00.000Z';
    const { due } = advance(from, from, { schedule, horizonSeconds: 15 * 3600 });
    expect(due.map(({ expiresAt }) => expiresAt.slice(11, 16))).toEqual(ends);
  });

  it('gives a single dose the longest window', () => {
    const at = '2026-03-05T08:00:00.000Z';
    const schedule = { ...bid, frequency: 'STAT', times: [], anchor: at };
    expect(advance(at, at, { schedule }).due).toMatchObject([{ expiresAt: '2026-03-05T20:00:00.000Z' }]);
  });

  it('gives the last dose of a schedule a window of its frequency, and ends', () => {
    const ending = { ...bid, endDate: '2026-03-08' };
    const last = advance('2026-03-09T00:00:00.000Z', '2026-03-09T00:00:00.000Z', { schedule: ending });
    expect(last.due.map(({ expiresAt }) => expiresAt)).toEqual(['2026-03-09T06:00:00.000Z']);
    expect(last.nextDueAt).toBeNull();
    expect(advance(null, '2026-03-09T00:00:00.000Z')).toEqual({
      due: [],
      notSent: [],
      nextDueAt: null,
      complete: true,
    });
  });

  it('stops at the limit and goes on from there', () => {
    const now = '2026-03-20T00:00:00.000Z';
    const part = advance('2026-03-01T13:00:00.000Z', now, { limit: 3 });
    expect(part).toMatchObject({ complete: false, nextDueAt: '2026-03-03T01:00:00.000Z' });
    expect(part.notSent).toHaveLength(3);
    expect(advance(part.nextDueAt, now).complete).toBe(true);
  });

  it('gives the dose of the gap its id by the slot, once', () => {
    const gap = { ...bid, frequency: 'QD', times: ['02:30'] };
    const made = advance('2026-03-08T07:30:00.000Z', '2026-03-08T07:30:00.000Z', { schedule: gap });
    expect(made.due.map(({ id, localTime }) => [id, localTime])).toEqual([
      ['2026-03-08_0230_m1', '2026-03-08T03:30:00-04:00'],
    ]);
  });

  it('answers every dose exactly once, whenever it is called', () => {
    const start = Date.parse('2026-10-30T00:00:00Z');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 60 }), (minutes) => {
        const ids: string[] = [];
        let nextDueAt = firstDueAt(bid, new Date(start).toISOString(), new Date(start).toISOString());
        let now = start;
        for (const step of minutes) {
          now += step * 60_000;
          const made = advance(nextDueAt, new Date(now).toISOString());
          ids.push(...[...made.notSent, ...made.due].map(({ id }) => id));
          nextDueAt = made.nextDueAt;
        }
        const until = new Date(now + MATERIALISE_AHEAD_SECONDS * 1000 + 1).toISOString();
        const all = occurrencesBetween(bid, new Date(start).toISOString(), until);
        expect(ids).toEqual(all.map((one) => occurrenceId(one, 'm1')));
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});

describe('firstDueAt', () => {
  it('is the first dose from the beginning of validity, that moment included', () => {
    const at = '2026-03-08T12:00:00.000Z';
    expect(firstDueAt(bid, at, at)).toBe(at);
    expect(firstDueAt(bid, '2026-03-08T12:00:00.001Z', at)).toBe('2026-03-09T00:00:00.000Z');
  });

  it('lies at most the longest window back', () => {
    expect(firstDueAt(bid, '2026-03-01T00:00:00.000Z', '2026-03-10T12:00:00.000Z')).toBe(
      '2026-03-10T00:00:00.000Z',
    );
  });
});
