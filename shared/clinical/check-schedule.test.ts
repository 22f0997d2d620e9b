import { describe, expect, it } from 'vitest';
import { checkSchedule } from './check-schedule.ts';
import { BUILT_IN_DEFAULT_TIMES } from './default-times.ts';
import type { ScheduleRequest } from './schedule-request.ts';

const NOW = '2026-03-07T15:20:30.000Z';
type Sent = { [Member in keyof ScheduleRequest]?: ScheduleRequest[Member] | undefined };
/** A request; a member that is sent as `undefined` is left out. */
const check = (sent: Sent, context = {}) => {
  const request = { frequency: 'QD', times: ['08:00'], time_zone: 'America/New_York', ...sent };
  const present = Object.entries(request).filter(([, value]) => value !== undefined);
  // Built of the request's own members.
  return checkSchedule(Object.fromEntries(present) as ScheduleRequest, { now: NOW, ...context });
};
const problems = (request: Sent) => {
  const checked = check(request);
  return checked.ok ? [] : checked.problems.map(({ pointer, code }) => `${pointer} ${code}`);
};
const accepted = (request: Sent, context = {}) => {
  const checked = check(request, context);
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

  it('daily codes may be narrowed to weekdays or cycles', () => {
    const times = ['08:00', '20:00'];
    expect(accepted({ frequency: 'BID', times, weekdays: ['WE', 'MO'] })).toMatchObject({
      frequency: 'BID',
      weekdays: ['MO', 'WE'],
    });
    expect(accepted({ cycle: { days_on: 21, days_off: 7 } })).toMatchObject({
      frequency: 'QD',
      cycle: { days_on: 21, days_off: 7 },
    });
    expect(accepted({ frequency: 'Q2W', weekdays: ['FR'] })).toMatchObject({ weekdays: ['FR'] });
  });

  it('as needed has no times, and may have a maximum', () => {
    expect(accepted({ frequency: 'as needed', times: undefined, max_doses_per_day: 4 })).toEqual({
      frequency: 'PRN',
      times: [],
      time_zone: 'America/New_York',
      start_date: '2026-03-07',
      max_doses_per_day: 4,
    });
    expect(accepted({ frequency: 'PRN', times: [] })).toMatchObject({ frequency: 'PRN' });
  });

  it('a single dose is due at the next whole minute, and its schedule ends with it', () => {
    expect(accepted({ frequency: 'stat', times: [] })).toEqual({
      frequency: 'STAT',
      times: [],
      time_zone: 'America/New_York',
      start_date: '2026-03-07',
      end_date: '2026-03-07',
      anchor: '2026-03-07T15:21:00.000Z',
    });
    expect(accepted({ frequency: 'once', times: ['21:00'] })).toMatchObject({
      times: ['21:00'],
      end_date: '2026-03-07',
    });
    expect(problems({ frequency: 'once', times: ['03:00'] })).toEqual(['/schedule/end_date schedule_over']);
  });

  it('a single dose that is asked for at a whole minute is due in that very minute', () => {
    const now = '2026-03-07T15:21:00.000Z';
    expect(accepted({ frequency: 'stat', times: [] }, { now })).toMatchObject({ anchor: now });
  });

  it('is the same when it is checked again', () => {
    const once = check({ frequency: 'Q5H', times: [], anchor: '2026-03-07T07:00' });
    expect(once.ok && check(once.schedule)).toEqual(once);
  });
});

describe('contradictions have a pointer', () => {
  it.each<[string, Sent, string]>([
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
    [
      'Q12H with times an hour apart',
      { frequency: 'Q12H', times: ['08:00', '09:00'] },
      'times times_do_not_match_frequency',
    ],
    [
      'Q8H with two times around midnight',
      { frequency: 'Q8H', times: ['00:30', '12:00', '21:00'] },
      'times times_do_not_match_frequency',
    ],
    ['an abbreviation', { time_zone: 'EST' }, 'time_zone time_zone_not_iana'],
    ['a fixed offset', { time_zone: '+05:00' }, 'time_zone time_zone_not_iana'],
    ['an ambiguous word', { frequency: 'od' }, 'frequency frequency_ambiguous'],
    ['an unknown word', { frequency: 'sometimes' }, 'frequency frequency_unknown'],
    ['a taper', { frequency: 'taper' }, 'frequency frequency_not_supported'],
    ['as needed with times', { frequency: 'PRN' }, 'times times_not_allowed'],
    [
      'a single dose twice',
      { frequency: 'stat', times: ['08:00', '20:00'] },
      'times times_do_not_match_frequency',
    ],
    [
      'a single dose with another end',
      { frequency: 'once', end_date: '2026-03-09' },
      'end_date end_date_not_allowed',
    ],
    ['before meals', { frequency: 'AC', times: undefined }, 'frequency meal_times_required'],
    ['before meals at a clock time', { frequency: 'AC' }, 'times times_not_allowed'],
    ['5 times a day without times', { frequency: '5x/day', times: undefined }, 'times times_required'],
    ['no such date', { start_date: '2026-02-30' }, 'start_date date_not_valid'],
    ['a far date', { start_date: '2050-01-01' }, 'start_date date_out_of_range'],
    ['end before start', { start_date: '2026-04-02', end_date: '2026-04-01' }, 'end_date end_before_start'],
    ['all over', { start_date: '2026-01-01', end_date: '2026-02-01' }, 'end_date schedule_over'],
    [
      'as needed, all over',
      { frequency: 'PRN', times: [], start_date: '2026-01-01', end_date: '2026-03-06' },
      'end_date schedule_over',
    ],
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
    ['every 3 days with weekdays', { frequency: 'q3d', weekdays: ['MO'] }, 'weekdays weekdays_not_allowed'],
    [
      'weekdays and a cycle',
      { weekdays: ['MO'], cycle: { days_on: 1, days_off: 1 } },
      'weekdays weekdays_not_allowed',
    ],
    ['other weekdays', { frequency: 'MWF', weekdays: ['TU'] }, 'weekdays weekdays_do_not_match_frequency'],
    ['a cycle without days', { frequency: 'cycle' }, 'cycle cycle_required'],
    [
      'weekly with a cycle',
      { frequency: 'weekly', cycle: { days_on: 1, days_off: 1 } },
      'cycle cycle_not_allowed',
    ],
    [
      'another cycle',
      { frequency: '5 on 2 off', cycle: { days_on: 1, days_off: 1 } },
      'cycle cycle_does_not_match_frequency',
    ],
    ['daily with a month rule', { month_rule: 'skip' }, 'month_rule month_rule_not_allowed'],
  ])('%s', (_title, request, expected) => {
    expect(problems(request)).toEqual([`/schedule/${expected}`]);
  });

  it.each<[string, Sent, string]>([
    [
      'a maximum for fixed doses',
      { max_doses_per_day: 3 },
      'max_doses_per_day max_doses_per_day_not_allowed',
    ],
    [
      'follow-ups after the window',
      { frequency: 'Q1H', times: [], follow_up: { count: 2, every_minutes: 15 } },
      'follow_up follow_up_beyond_window',
    ],
    [
      'follow-ups after the own window',
      { late_window_minutes: 60, follow_up: { count: 3, every_minutes: 30 } },
      'follow_up follow_up_beyond_window',
    ],
    [
      'an escalation after the window',
      { late_window_minutes: 60, escalate_after_minutes: 60 },
      'escalate_after_minutes escalation_beyond_window',
    ],
    [
      'a window beyond the next dose',
      { frequency: 'Q4H', times: [], late_window_minutes: 300 },
      'late_window_minutes late_window_too_long',
    ],
    [
      'follow-ups for doses as needed',
      { frequency: 'PRN', times: [], follow_up: { count: 1, every_minutes: 10 } },
      'follow_up not_for_doses_as_needed',
    ],
    [
      'critical as needed',
      { frequency: 'PRN', times: [], critical: true },
      'critical not_for_doses_as_needed',
    ],
  ])('what the reminder does: %s', (_title, request, expected) => {
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

describe('what a reminder does is kept as it was sent', () => {
  it('with the schedule', () => {
    const options = {
      medication_name: 'lisinopril 10 mg tablet',
      dose_units: 0.5,
      follow_up: { count: 3, every_minutes: 30 },
      escalate_after_minutes: 120,
      late_window_minutes: 240,
      critical: true,
    };
    expect(accepted(options)).toMatchObject(options);
  });
});

describe('clock times that the request does not name', () => {
  const named = (frequency: string, context = {}) => {
    const checked = check({ frequency, times: undefined }, context);
    return checked.ok ? [checked.timesSource, ...checked.schedule.times] : checked.problems;
  };

  it.each(Object.entries(BUILT_IN_DEFAULT_TIMES))('%s: the built-in ones', (code, times) => {
    expect(named(code)).toEqual(['default', ...times]);
  });

  it.each(['QOD', 'weekly', 'monthly', 'q10d', 'every 3 months', 'weekdays', 'MWF', '21 on 7 off'])(
    '%s: those of once a day',
    (frequency) => {
      expect(named(frequency)).toEqual(['default', '08:00']);
    },
  );

  it('the deployer’s go before, and are taken for other numbers of doses, too', () => {
    const defaultTimes = { BID: ['09:00', '21:00'], '5XD': ['06:00', '10:00', '14:00', '18:00', '22:00'] };
    expect(named('BID', { defaultTimes })).toEqual(['default', '09:00', '21:00']);
    expect(named('5x/day', { defaultTimes })).toHaveLength(6);
    expect(named('TID', { defaultTimes })).toEqual(['default', '08:00', '14:00', '20:00']);
  });

  it('hours elapse', () => {
    expect(named('q8h')).toEqual(['request']);
  });

  it('doses at meals have the user’s meal times, 30 minutes before or after', () => {
    const mealTimes = { breakfast: '07:15', lunch: '12:00', dinner: '18:30' };
    expect(named('ac', { mealTimes })).toEqual(['meal_times', '06:45', '11:30', '18:00']);
    expect(named('after dinner', { mealTimes })).toEqual(['meal_times', '19:00']);
    expect(named('with food', { mealTimes })).toEqual(['meal_times', '07:15', '12:00', '18:30']);
    expect(named('ac', { mealTimes: { breakfast: '07:15' } })).toMatchObject([
      { code: 'meal_times_required' },
    ]);
    expect(named('before breakfast', { mealTimes: { breakfast: '00:10' } })).toEqual(['meal_times', '00:00']);
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
