import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import dst from '#test/data/dst-vectors.json' with { type: 'json' };
import { frequencyOfCode } from './frequency.ts';
import { nextOccurrences, occurrencesBetween } from './occurrences.ts';
import type { Occurrence, Schedule } from './schedule.ts';

type Vector = Omit<(typeof dst.vectors)[number], 'expected_local'> & {
  month_rule?: string;
  anchor_local?: string;
  travel_policy?: string;
  zone_segments?: { from: string; time_zone: string }[];
  expected_local?: string[];
};

function scheduleOf(vector: Vector): Schedule {
  const anchor =
    vector.anchor_local &&
    Temporal.PlainDateTime.from(vector.anchor_local).toZonedDateTime(vector.time_zone).toInstant().toString();
  const hours = frequencyOfCode(vector.frequency)?.repeat.period;
  return {
    frequency: vector.frequency,
    times: vector.times,
    timeZone: vector.time_zone,
    startDate: vector.start_date,
    endDate: vector.end_date,
    ...(vector.month_rule === 'skip' && { monthRule: 'skip' }),
    ...(anchor && hours && { anchor, intervalHours: hours }),
    ...(vector.travel_policy === 'follow_current_zone' && {
      zoneSegments: (vector.zone_segments ?? []).map(({ from, time_zone }) => ({
        from,
        timeZone: time_zone,
      })),
    }),
  };
}

const utc = (occurrence: Occurrence) => occurrence.dueAt.replace('.000Z', 'Z');
const local = (occurrence: Occurrence) => occurrence.localTime.replace(/:(\d\d)$/, '$1');

const daily = (timeZone: string, ...times: string[]): Schedule => ({
  frequency: times.length === 1 ? 'QD' : 'BID',
  times,
  timeZone,
  startDate: '2026-01-01',
});

describe('the vectors', () => {
  it('are all here', () => {
    expect(dst.vectors).toHaveLength(dst.count);
  });

  it.each(dst.vectors as Vector[])('$id $title', (vector) => {
    const found = occurrencesBetween(scheduleOf(vector), '2025-01-01T00:00:00Z', '2029-01-01T00:00:00Z');
    expect(found.map(utc)).toEqual(vector.expected_utc);
    if (vector.expected_local) expect(found.map(local)).toEqual(vector.expected_local);
  });
});

describe('transitions', () => {
  const newYork = daily('America/New_York', '02:30');

  it('fires a 02:30 dose of the spring-forward day once, at 03:30 EDT', () => {
    const day = occurrencesBetween(newYork, '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z');
    expect(day).toEqual([
      {
        dueAt: '2026-03-08T07:30:00.000Z',
        localDate: '2026-03-08',
        localTime: '2026-03-08T03:30:00-04:00',
        timeZone: 'America/New_York',
        slots: ['02:30'],
      },
    ]);
  });

  it('fires a 01:30 dose of the fall-back day once, the first time', () => {
    const day = occurrencesBetween(
      daily('America/New_York', '01:30'),
      '2026-11-01T04:00:00Z',
      '2026-11-02T05:00:00Z',
    );
    expect(day.map(({ localTime }) => localTime)).toEqual(['2026-11-01T01:30:00-04:00']);
  });

  it('makes two slots at one instant one occurrence that names both', () => {
    const both = daily('America/New_York', '02:30', '03:30');
    const day = occurrencesBetween(both, '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z');
    expect(day.map(({ slots }) => slots)).toEqual([['02:30', '03:30']]);
  });

  it('keeps the order of time when a gap moves one slot past another', () => {
    const swapped = daily('America/New_York', '02:45', '03:15');
    const day = occurrencesBetween(swapped, '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z');
    expect(day.map(({ slots }) => slots[0])).toEqual(['03:15', '02:45']);
  });

  it('tells the two 01:00 of a fall-back day apart when hours elapse', () => {
    const hourly: Schedule = {
      frequency: 'Q1H',
      times: [],
      intervalHours: 1,
      anchor: '2026-11-01T04:00:00Z',
      timeZone: 'America/New_York',
      startDate: '2026-11-01',
      endDate: '2026-11-01',
    };
    const slots = occurrencesBetween(hourly, '2026-11-01T00:00:00Z', '2026-11-03T00:00:00Z').map(
      (one) => one.slots[0],
    );
    expect(slots).toHaveLength(25);
    expect(new Set(slots).size).toBe(25);
    expect(slots.slice(1, 3)).toEqual(['01:00-04:00', '01:00-05:00']);
  });
});

describe('windows', () => {
  const schedule = daily('Europe/Berlin', '08:00', '20:00');

  it('includes the beginning and excludes the end', () => {
    const found = occurrencesBetween(schedule, '2026-06-01T06:00:00Z', '2026-06-01T18:00:00Z');
    expect(found.map(utc)).toEqual(['2026-06-01T06:00:00Z']);
  });

  it('answers the same dose from every window that holds it', () => {
    const wide = occurrencesBetween(schedule, '2026-03-20T00:00:00Z', '2026-04-05T00:00:00Z');
    const narrow = wide.flatMap(({ dueAt }) =>
      nextOccurrences(schedule, new Date(Date.parse(dueAt) - 1).toISOString(), 1),
    );
    expect(narrow).toEqual(wide);
  });

  it('does not repeat the moment after which it looks', () => {
    const next = nextOccurrences(schedule, '2026-06-01T06:00:00.000Z', 3);
    expect(next.map(utc)).toEqual(['2026-06-01T18:00:00Z', '2026-06-02T06:00:00Z', '2026-06-02T18:00:00Z']);
  });

  it('ends with the end date', () => {
    const ending = { ...schedule, endDate: '2026-06-02' };
    expect(nextOccurrences(ending, '2026-06-01T07:00:00Z', 9).map(utc)).toEqual([
      '2026-06-01T18:00:00Z',
      '2026-06-02T06:00:00Z',
      '2026-06-02T18:00:00Z',
    ]);
  });

  it('refuses a schedule without times, interval and anchor', () => {
    expect(() => nextOccurrences({ ...schedule, times: [] }, '2026-06-01T07:00:00Z', 1)).toThrow(RangeError);
  });
});
