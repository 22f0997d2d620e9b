import { describe, expect, it } from 'vitest';
import { checkSchedule } from './check-schedule.ts';
import type { ScheduleRequest } from './schedule-request.ts';

const NOW = '2026-03-07T15:20:30.000Z';
const check = (request: Partial<ScheduleRequest>, context = {}) =>
  checkSchedule(
    { frequency: 'QD', times: ['08:00'], time_zone: 'America/New_York', ...request },
    { now: NOW, ...context },
  );
const problems = (request: Partial<ScheduleRequest>) => {
  const checked = check(request);
  return checked.ok ? [] : checked.problems.map(({ pointer, code }) => `${pointer} ${code}`);
};
const accepted = (request: Partial<ScheduleRequest>) => {
  const checked = check(request);
  return checked.ok ? checked.schedule : checked.problems;
};

describe('what is accepted is complete', () => {
  it('canonical frequency, ascending times, start date', () => {
    expect(accepted({ frequency: 'three times a day', times: ['22:00', '06:00', '14:00'] })).toEqual({
      frequency: 'TID',
      times: ['06:00', '14:00', '22:00'],
      time_zone: 'America/New_York',
      start_date: '2026-03-07',
    });
  });

  it('the start date is the local one', () => {
    expect(accepted({ time_zone: 'Pacific/Auckland' })).toMatchObject({ start_date: '2026-03-08' });
  });

  it('elapsed hours count from the minute of acceptance', () => {
    expect(accepted({ frequency: 'Q5H', times: [] })).toMatchObject({
      frequency: 'Q5H',
      times: [],
      anchor: '2026-03-07T15:20:00.000Z',
    });
    expect(accepted({ frequency: 'Q5H', times: [], start_date: '2026-03-09' })).toMatchObject({
      anchor: '2026-03-09T14:20:00.000Z',
    });
  });

  it.each([
    ['2026-03-07T07:00', '2026-03-07T12:00:00.000Z'],
    ['2026-03-07T07:00:00+01:00', '2026-03-07T06:00:00.000Z'],
    ['2026-03-07T07:00Z', '2026-03-07T07:00:00.000Z'],
  ])('an anchor %s is read in the zone unless it has an offset', (anchor, expected) => {
    expect(accepted({ frequency: 'Q8H', times: [], anchor })).toMatchObject({ anchor: expected });
  });

  it('hours with clock times are a list of the day', () => {
    const times = ['06:00', '14:00', '22:00'];
    const schedule = accepted({ frequency: 'q8h', times });
    expect(schedule).toMatchObject({ frequency: 'Q8H', times });
    expect(schedule).not.toHaveProperty('anchor');
  });

  it('"every 3 days" with a clock time counts dates, without one 72 hours', () => {
    expect(accepted({ frequency: 'every 3 days' })).toMatchObject({ frequency: 'Q3D' });
    expect(accepted({ frequency: 'every 3 days', times: [] })).toMatchObject({ frequency: 'Q72H' });
  });

  it('weekdays, cycle and month rule', () => {
    expect(accepted({ frequency: 'twice weekly', weekdays: ['TH', 'MO'] })).toMatchObject({
      frequency: 'BIW',
      weekdays: ['MO', 'TH'],
    });
    expect(accepted({ frequency: 'MWF' })).toMatchObject({ frequency: 'DAYS', weekdays: ['MO', 'WE', 'FR'] });
    expect(accepted({ frequency: '21 on 7 off' })).toMatchObject({
      frequency: 'CYCLE',
      cycle: { days_on: 21, days_off: 7 },
    });
    expect(accepted({ frequency: 'monthly' })).toMatchObject({ frequency: 'MO', month_rule: 'clamp' });
  });

  it('is the same when it is checked again', () => {
    const once = check({ frequency: 'Q5H', times: [], anchor: '2026-03-07T07:00' });
    expect(once.ok && check(once.schedule)).toEqual(once);
  });
});

describe('contradictions have a pointer', () => {
  it.each<[string, Partial<ScheduleRequest>, string]>([
    [
      'TID with two times',
      { frequency: 'TID', times: ['08:00', '20:00'] },
      'times times_do_not_match_frequency',
    ],
    ['QD without times', { times: [] }, 'times times_required'],
    ['25:00', { times: ['25:00'] }, 'times/0 time_not_valid'],
    ['24:00', { times: ['24:00'] }, 'times/0 time_not_valid'],
    ['08:60', { times: ['08:60'] }, 'times/0 time_not_valid'],
    ['8:00', { times: ['8:00'] }, 'times/0 time_not_valid'],
    ['a duplicate', { frequency: 'BID', times: ['08:00', '08:00'] }, 'times/1 time_duplicate'],
    ['Q5H with times', { frequency: 'Q5H' }, 'times times_do_not_match_frequency'],
    [
      'Q8H with two times',
      { frequency: 'Q8H', times: ['08:00', '20:00'] },
      'times times_do_not_match_frequency',
    ],
    ['an abbreviation', { time_zone: 'EST' }, 'time_zone time_zone_not_iana'],
    ['a fixed offset', { time_zone: '+05:00' }, 'time_zone time_zone_not_iana'],
    ['an ambiguous word', { frequency: 'od' }, 'frequency frequency_ambiguous'],
    ['an unknown word', { frequency: 'sometimes' }, 'frequency frequency_unknown'],
    ['as needed', { frequency: 'PRN' }, 'frequency frequency_not_supported'],
    ['no such date', { start_date: '2026-02-30' }, 'start_date date_not_valid'],
    ['a far date', { start_date: '2050-01-01' }, 'start_date date_out_of_range'],
    ['end before start', { start_date: '2026-04-02', end_date: '2026-04-01' }, 'end_date end_before_start'],
    ['all over', { start_date: '2026-01-01', end_date: '2026-02-01' }, 'end_date schedule_over'],
    ['anchor with times', { anchor: '2026-03-07T07:00' }, 'anchor anchor_not_allowed'],
    [
      'no such moment',
      { frequency: 'Q8H', times: [], anchor: '2026-02-30T07:00' },
      'anchor anchor_not_valid',
    ],
    ['twice weekly alone', { frequency: 'twice weekly' }, 'weekdays weekdays_required'],
    [
      'twice weekly on one day',
      { frequency: 'twice weekly', weekdays: ['MO'] },
      'weekdays weekdays_required',
    ],
    ['daily with weekdays', { weekdays: ['MO'] }, 'weekdays weekdays_not_allowed'],
    ['other weekdays', { frequency: 'MWF', weekdays: ['TU'] }, 'weekdays weekdays_do_not_match_frequency'],
    ['a cycle without days', { frequency: 'cycle' }, 'cycle cycle_required'],
    ['daily with a cycle', { cycle: { days_on: 1, days_off: 1 } }, 'cycle cycle_not_allowed'],
    [
      'another cycle',
      { frequency: '5 on 2 off', cycle: { days_on: 1, days_off: 1 } },
      'cycle cycle_does_not_match_frequency',
    ],
    ['daily with a month rule', { month_rule: 'skip' }, 'month_rule month_rule_not_allowed'],
  ])('%s', (_title, request, expected) => {
    expect(problems(request)).toEqual([`/schedule/${expected}`]);
  });

  it('all at once, and without an echo of what was sent', () => {
    const checked = check({ frequency: 'sometimes', time_zone: 'Mars/Base', end_date: '2026-13-01' });
    expect(checked.ok ? [] : checked.problems.map(({ pointer }) => pointer)).toEqual([
      '/schedule/frequency',
      '/schedule/time_zone',
    ]);
    expect(JSON.stringify(checked)).not.toMatch(/sometimes|Mars/);
  });
});

describe('the zone', () => {
  const zone = (request: { time_zone?: string }, context: object) =>
    checkSchedule({ frequency: 'QD', times: ['08:00'], ...request }, { now: NOW, ...context });
  const stored = { userTimeZone: 'Europe/Berlin', defaultTimeZone: 'Asia/Tokyo' };

  it('is the one of the request, else the user’s, else the deployment’s', () => {
    const named = zone({ time_zone: 'America/New_York' }, stored);
    const ofUser = zone({}, stored);
    const ofDeployment = zone({}, { defaultTimeZone: 'Asia/Tokyo' });
    expect([named, ofUser, ofDeployment]).toMatchObject([
      { ok: true, timeZoneSource: 'request', schedule: { time_zone: 'America/New_York' } },
      { ok: true, timeZoneSource: 'user', schedule: { time_zone: 'Europe/Berlin' } },
      { ok: true, timeZoneSource: 'default', schedule: { time_zone: 'Asia/Tokyo' } },
    ]);
  });

  it('is asked for when nobody names one', () => {
    expect(zone({}, {})).toMatchObject({
      ok: false,
      problems: [{ pointer: '/schedule/time_zone', code: 'time_zone_required' }],
    });
  });
});
