import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import dst from '#test/data/dst-vectors.json' with { type: 'json' };
import { ProblemError } from '../errors/problem-error.ts';
import type { ExpansionRequest } from './expansion-request.ts';
import { expandSchedule } from './index.ts';

type Vector = ExpansionRequest & {
  readonly id: string;
  readonly title: string;
  readonly expected_utc: readonly string[];
  readonly expected_local?: readonly string[];
  readonly crosses: string | readonly string[];
};
// The file's members are the door's; its generated type only lacks the unions of words.
const vectors = dst.vectors as readonly unknown[] as readonly Vector[];

const QD: ExpansionRequest = {
  time_zone: 'America/New_York',
  frequency: 'QD',
  times: ['08:00'],
  start_date: '2026-03-06',
  end_date: '2026-03-10',
};
const dates = (request: Partial<ExpansionRequest>) =>
  expandSchedule({ ...QD, time_zone: 'UTC', ...request }).local.map((local) => local.slice(0, 10));
const codes = (request: Partial<ExpansionRequest>) =>
  expandSchedule({ ...QD, ...request }).warnings.map(({ code, local_date }) =>
    `${code} ${local_date ?? ''}`.trim(),
  );
const problems = (request: Partial<ExpansionRequest>): string[] => {
  try {
    return [`accepted ${expandSchedule({ ...QD, ...request }).utc.length}`];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems.map(({ pointer, code }) => `${pointer} ${code}`);
  }
};

describe('the vectors through the door', () => {
  it.each(vectors)('$id $title', (vector) => {
    const { local, utc, warnings } = expandSchedule(vector);
    expect(utc).toEqual(vector.expected_utc);
    if (vector.expected_local) expect(local).toEqual(vector.expected_local);
    const said = warnings.map(({ code }) => code);
    expect(said.includes('moved_out_of_gap')).toBe(vector.crosses.includes('gap'));
    expect(said.includes('first_of_two')).toBe(vector.crosses.includes('overlap'));
  });

  it('runs on plain Node without a build', async () => {
    const script = `import('./shared/clinical/index.ts').then(({ expandSchedule, parseFrequency }) =>
      console.log(JSON.stringify([expandSchedule(${JSON.stringify(QD)}).utc.length, parseFrequency('b.i.d.').code])))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
    expect(JSON.parse(stdout)).toEqual([5, 'BID']);
  });
});

describe('rule by rule', () => {
  it('wall_clock: the calendar decides the dates', () => {
    expect(dates({ frequency: 'QOD' })).toEqual(['2026-03-06', '2026-03-08', '2026-03-10']);
    expect(dates({ frequency: 'MO', start_date: '2026-01-31', end_date: '2026-04-30' })).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]);
    expect(dates({ frequency: 'TIW', by_day: ['MO', 'fri', 'Saturday'] })).toEqual([
      '2026-03-06',
      '2026-03-07',
      '2026-03-09',
    ]);
    expect(dates({ frequency: 'WK', by_day: ['SU', 'TU'] })).toEqual(['2026-03-08', '2026-03-10']);
    expect(dates({ frequency: 'WEEKDAYS' })).toEqual(['2026-03-06', '2026-03-09', '2026-03-10']);
    expect(dates({ frequency: '2 on 1 off' })).toEqual([
      '2026-03-06',
      '2026-03-07',
      '2026-03-09',
      '2026-03-10',
    ]);
    expect(dates({ frequency: 'Q2W', start_date: '2026-03-02', end_date: '2026-04-01' })).toEqual([
      '2026-03-02',
      '2026-03-16',
      '2026-03-30',
    ]);
  });

  it('wall_clock: hours with times are a list of the day, in any order', () => {
    const times = ['22:00', '06:00', '14:00'];
    expect(
      expandSchedule({ ...QD, rule: 'wall_clock', frequency: 'Q8H', times, end_date: '2026-03-06' }).local,
    ).toEqual(['2026-03-06T06:00:00-0500', '2026-03-06T14:00:00-0500', '2026-03-06T22:00:00-0500']);
  });

  it('gap: moves forward by its length, past midnight if need be, and belongs to its own date', () => {
    const azores = {
      ...QD,
      time_zone: 'Atlantic/Azores',
      times: ['00:30'],
      start_date: '2026-03-29',
      end_date: '2026-03-29',
    };
    expect(expandSchedule(azores).local).toEqual(['2026-03-29T01:30:00+0000']);
    expect(codes(azores)).toEqual(['moved_out_of_gap 2026-03-29']);
  });

  it('gap: a day that a zone left out merges with the next one', () => {
    const samoa = { ...QD, time_zone: 'Pacific/Apia', start_date: '2011-12-29', end_date: '2011-12-31' };
    expect(expandSchedule(samoa).utc).toEqual(['2011-12-29T18:00:00Z', '2011-12-30T18:00:00Z']);
  });

  it('elapsed_interval: exact hours, cut to the local dates', () => {
    const hours = {
      ...QD,
      frequency: 'Q36H',
      times: [],
      anchor_local: '2026-03-07T20:00',
      end_date: '2026-03-11',
    };
    const { local, utc } = expandSchedule(hours);
    expect(utc).toEqual(['2026-03-08T01:00:00Z', '2026-03-09T13:00:00Z', '2026-03-11T01:00:00Z']);
    expect(local).toEqual([
      '2026-03-07T20:00:00-0500',
      '2026-03-09T09:00:00-0400',
      '2026-03-10T21:00:00-0400',
    ]);
    expect(
      dates({ ...hours, time_zone: 'UTC', anchor_local: '2026-03-01T00:00', start_date: '2026-03-06' })[0],
    ).toBe('2026-03-07');
  });

  it('elapsed_interval: the anchor may name its offset', () => {
    const anchored = { ...QD, frequency: 'Q24H', times: [], anchor_local: '2026-03-06T12:00:00Z' };
    expect(expandSchedule(anchored).utc[0]).toBe('2026-03-06T12:00:00Z');
  });

  const stay = [{ from: '2026-06-11', time_zone: 'Europe/Berlin' }];
  const abroad = { ...QD, start_date: '2026-06-10', end_date: '2026-06-11', zone_segments: stay };

  it('travel: at home nothing changes, and that is the default', () => {
    const home = ['2026-06-10T12:00:00Z', '2026-06-11T12:00:00Z'];
    expect(expandSchedule(abroad).utc).toEqual(home);
    expect(expandSchedule({ ...abroad, travel_policy: 'home_zone' }).utc).toEqual(home);
    expect(codes(abroad)).toEqual(['zone_segments_ignored']);
  });

  it('travel: with the current zone, clock times are read there from its date on', () => {
    const following = expandSchedule({ ...abroad, travel_policy: 'follow_current_zone' });
    expect(following.local).toEqual(['2026-06-10T08:00:00-0400', '2026-06-11T08:00:00+0200']);
    const back = [...stay, { from: '2026-06-12', time_zone: 'America/New_York' }].reverse();
    const there = {
      ...abroad,
      end_date: '2026-06-12',
      zone_segments: back,
      travel_policy: 'follow_current_zone' as const,
    };
    expect(expandSchedule(there).local.at(-1)).toBe('2026-06-12T08:00:00-0400');
  });

  it('travel: elapsed hours stay, and are told on the clock of the stay', () => {
    const hours = {
      ...abroad,
      frequency: 'Q12H',
      times: [],
      anchor_local: '2026-06-10T08:00',
      travel_policy: 'follow_current_zone' as const,
    };
    expect(expandSchedule(hours)).toMatchObject({
      utc: ['2026-06-10T12:00:00Z', '2026-06-11T00:00:00Z', '2026-06-11T12:00:00Z'],
      local: ['2026-06-10T08:00:00-0400', '2026-06-11T02:00:00+0200', '2026-06-11T14:00:00+0200'],
    });
  });

  it('travel: doses that come close are told', () => {
    const tokyo = [{ from: '2026-06-11', time_zone: 'Asia/Tokyo' }];
    const request = { ...abroad, zone_segments: tokyo, travel_policy: 'follow_current_zone' as const };
    expect(codes(request)).toEqual(['close_after_zone_change 2026-06-11']);
  });

  it('end_date: is inclusive', () => {
    expect(dates({ start_date: '2026-03-06', end_date: '2026-03-06' })).toEqual(['2026-03-06']);
  });

  it('dedupe: times at one instant are one, and it is told', () => {
    const both = {
      frequency: 'BID',
      times: ['02:15', '03:15'],
      start_date: '2026-03-08',
      end_date: '2026-03-08',
    };
    expect(codes(both)).toEqual(['moved_out_of_gap 2026-03-08', 'slots_merged 2026-03-08']);
    expect(expandSchedule({ ...QD, ...both }).utc).toHaveLength(1);
  });

  it('as needed has no instants, a single dose has one', () => {
    expect(expandSchedule({ ...QD, frequency: 'PRN', times: [] })).toMatchObject({ utc: [], local: [] });
    expect(codes({ frequency: 'as needed', times: [] })).toEqual(['no_fixed_times']);
    const { times: _, ...untimed } = QD;
    expect(expandSchedule({ ...untimed, frequency: 'STAT', anchor_local: '2026-03-06T07:00' }).utc).toEqual([
      '2026-03-06T12:00:00Z',
    ]);
    expect(dates({ frequency: 'once' })).toEqual(['2026-03-06']);
  });

  it('tells which months have no such day', () => {
    expect(codes({ frequency: 'MO', start_date: '2026-01-30', end_date: '2026-03-31' })).toEqual([
      'month_day_clamped 2026-02-28',
    ]);
    expect(
      codes({ frequency: 'MO', start_date: '2026-01-30', end_date: '2026-03-31', month_rule: 'skip' }),
    ).toEqual([]);
  });
});

it('a member that is null counts as left out', () => {
  const nulls = JSON.parse(
    '{"rule":null,"anchor_local":null,"month_rule":null,"by_day":null,"zone_segments":null,"travel_policy":null}',
  );
  expect(expandSchedule({ ...QD, ...nulls })).toEqual(expandSchedule(QD));
});

it.each([
  ['{"times":"08:00"}', '/times list_not_valid'],
  ['{"times":[null]}', '/times list_not_valid'],
  ['{"by_day":"MO"}', '/by_day list_not_valid'],
  ['{"zone_segments":[null]}', '/zone_segments list_not_valid'],
  ['{"frequency":5}', '/frequency frequency_unknown'],
  ['{"time_zone":null}', '/time_zone time_zone_not_iana'],
  ['{"start_date":20260306}', '/start_date date_not_valid'],
])('JSON of another shape has a pointer, too: %s', (json, expected) => {
  expect(problems(JSON.parse(json))).toEqual([expected]);
});

describe('clock times that are left out', () => {
  const { times: _, ...untimed } = { ...QD, end_date: '2026-03-06', time_zone: 'UTC' };

  it.each([
    ['QD', ['08:00']],
    ['TID', ['08:00', '14:00', '20:00']],
    ['BED', ['22:00']],
    ['MWF', ['08:00']],
  ])('%s: the built-in ones, and a warning', (frequency, times) => {
    const { utc, warnings } = expandSchedule({ ...untimed, frequency });
    expect(utc.map((instant) => instant.slice(11, 16))).toEqual(times);
    expect(warnings.map(({ code }) => code)).toEqual(['default_times_used']);
  });

  it('but not where there are none, and no warning where none are needed', () => {
    expect(() => expandSchedule({ ...untimed, frequency: '5XD' })).toThrow('/times');
    const hours = expandSchedule({ ...untimed, frequency: 'Q8H', anchor_local: '2026-03-06T00:00' });
    expect([hours.utc.length, hours.warnings]).toEqual([3, []]);
  });
});

describe('twice a week by its code', () => {
  it('needs exactly two days, or it has two readings', () => {
    expect(dates({ frequency: 'BIW', by_day: ['MO', 'FR'] })).toEqual(['2026-03-06', '2026-03-09']);
    for (const by_day of [undefined, [], ['MO'], ['MO', 'WE', 'FR']])
      expect(problems({ frequency: 'BIW', ...(by_day && { by_day }) })).toEqual([
        '/frequency frequency_ambiguous',
      ]);
    expect(problems({ frequency: 'biw', by_day: ['MO', 'FR'] })).toEqual(['/frequency frequency_ambiguous']);
  });
});

describe('an anchor', () => {
  const of = (anchor_local: unknown) =>
    expandSchedule({
      ...QD,
      frequency: 'Q12H',
      times: [],
      anchor_local: anchor_local as string, // from JSON it may be anything
    });

  it.each([
    '2026-03-06T08:00[Asia/Tokyo]',
    '2026-03-06T08:00-08:00[America/Los_Angeles]',
    '2026-03-06T08:00+05',
    '2026-03-06T08:00+05:30:00',
    '2026-03-06T08:00:60',
    '2026-03-06',
    '2026-03-06 08:00',
    { year: 2026, month: 3, day: 6, hour: 8 },
    20260306,
  ])('of which a part would be passed over or filled in is refused: %j', (anchor) => {
    expect(() => of(anchor)).toThrow('/anchor_local');
  });

  it.each(['2026-03-06T13:00Z', '2026-03-06T18:00:00.000+05:00', '2026-03-06T18:00:00+0500'])(
    'may have an offset: %s',
    (anchor) => {
      expect(of(anchor).utc).toContain('2026-03-06T13:00:00Z');
    },
  );
});

describe('what is no request', () => {
  it.each([null, undefined, 'QD', [QD]])('%j', (sent) => {
    const expand = () => expandSchedule(sent as unknown as ExpansionRequest);
    expect(expand).toThrow(ProblemError);
    expect(expand).toThrow('expandSchedule: send one plain object.');
  });

  it.each([
    ['weekdays', '`by_day`'],
    ['anchor', '`anchor_local`'],
    ['until', 'end_date'],
  ])('a member that nobody reads: %s', (member, advice) => {
    const sent = { ...QD, [member]: ['MO'] };
    expect(problems(sent)).toEqual([`/${member} unknown_field`]);
    expect(() => expandSchedule(sent)).toThrow(`"${member}"`);
    expect(() => expandSchedule(sent)).toThrow(advice.replaceAll('`', ''));
  });

  it('a member of a stay that nobody reads', () => {
    const stay = { from: '2026-03-07', time_zone: 'Asia/Tokyo', to: '2026-03-08', note: 'a fair' };
    expect(problems({ zone_segments: [stay] })).toEqual(['/zone_segments/0/to unknown_field']);
  });

  it('the message repeats the pointers', () => {
    const sent = { ...QD, frequency: 'sometimes', time_zone: 'Mars/Base', start_date: '2026-02-30' };
    for (const pointer of ['/frequency', '/time_zone', '/start_date'])
      expect(() => expandSchedule(sent)).toThrow(pointer);
    expect(() => expandSchedule(sent)).not.toThrow(/sometimes|Mars/);
  });
});

describe('contradictions', () => {
  it.each<[Partial<ExpansionRequest>, string]>([
    [{ frequency: 'od' }, '/frequency frequency_ambiguous'],
    [{ frequency: 'TAPER' }, '/frequency frequency_not_supported'],
    [{ frequency: 'AC' }, '/times times_not_allowed'],
    [{ frequency: 'AC', times: [] }, '/frequency meal_times_required'],
    [{ frequency: 'TID' }, '/times times_do_not_match_frequency'],
    [{ times: [] }, '/times times_required'],
    [{ times: ['24:00'] }, '/times/0 time_not_valid'],
    [{ frequency: 'BID', times: ['08:00', '08:00'] }, '/times/1 time_duplicate'],
    [{ frequency: 'Q5H' }, '/times times_do_not_match_frequency'],
    [{ frequency: 'Q8H', times: [] }, '/anchor_local anchor_required'],
    [
      { frequency: 'Q8H', times: [], anchor_local: '2026-03-06T08:00', by_day: ['MO'] },
      '/by_day weekdays_not_allowed',
    ],
    [{ frequency: 'Q8H', times: [], anchor_local: 'soon' }, '/anchor_local anchor_not_valid'],
    [{ frequency: 'BID', times: ['08:00', '20:00'], anchor_local: 'soon' }, '/anchor_local anchor_not_valid'],
    [{ frequency: 'Q8H', times: [], anchor_local: '2026-02-30T08:00' }, '/anchor_local anchor_not_valid'],
    [{ frequency: 'Q8H', times: [], anchor_local: '3000-01-01T08:00' }, '/anchor_local date_out_of_range'],
    [
      {
        zone_segments: [
          { from: '2026-03-07', time_zone: 'Asia/Tokyo' },
          { from: '2026-03-07', time_zone: 'Europe/Berlin' },
        ],
      },
      '/zone_segments/1/from stay_repeated',
    ],
    [{ frequency: 'WEEKDAYS', by_day: ['MO'] }, '/by_day weekdays_not_allowed'],
    [{ frequency: '2 on 1 off', by_day: ['MO'] }, '/by_day weekdays_not_allowed'],
    [{ frequency: 'once', by_day: ['MO'] }, '/by_day weekdays_not_allowed'],
    [{ frequency: 'PRN', times: [], by_day: ['MO'] }, '/by_day weekdays_not_allowed'],
    [{ frequency: 'MO', by_day: ['MO'] }, '/by_day weekdays_not_allowed'],
    [{ frequency: 'MWF', by_day: ['TU'] }, '/by_day weekdays_do_not_match_frequency'],
    [{ frequency: 'MWF', by_day: ['FR', 'MO', 'WE'] }, 'accepted 2'],
    [{ frequency: 'TIW', by_day: ['MO', 'WE'] }, '/by_day weekdays_required'],
    [{ frequency: 'twice weekly', by_day: ['MO', 'WE', 'FR'] }, '/by_day weekdays_required'],
    [{ frequency: '4XW', by_day: ['MO', 'WE', 'FR'] }, '/by_day weekdays_required'],
    [{ frequency: '4XW', by_day: ['MO', 'WE', 'FR', 'SU'] }, 'accepted 3'],
    [{ rule: 'elapsed_interval' }, '/rule rule_does_not_match'],
    [{ time_zone: 'EST' }, '/time_zone time_zone_not_iana'],
    [{ time_zone: '+05:00' }, '/time_zone time_zone_not_iana'],
    [{ start_date: '2026-02-30' }, '/start_date date_not_valid'],
    [{ start_date: '2999-12-31', end_date: '3000-01-01' }, '/end_date date_out_of_range'],
    [{ start_date: '2999-12-31', end_date: '2999-12-31' }, 'accepted 1'],
    [{ start_date: '1899-12-31', end_date: '1900-01-01' }, '/start_date date_out_of_range'],
    [
      { zone_segments: [{ from: '3000-01-01', time_zone: 'Asia/Tokyo' }] },
      '/zone_segments/0/from date_out_of_range',
    ],
    [{ end_date: '2026-03-05' }, '/end_date end_before_start'],
    [{ end_date: '2037-03-06' }, '/end_date date_out_of_range'],
    [{ frequency: 'TIW' }, '/by_day weekdays_required'],
    [{ frequency: 'QOD', by_day: ['MO'] }, '/by_day weekdays_not_allowed'],
    [{ frequency: 'WK', by_day: ['XX'] }, '/by_day weekdays_not_valid'],
    [{ frequency: 'CYCLE' }, '/frequency cycle_required'],
    [
      { zone_segments: [{ from: '2026-03-07', time_zone: 'CET' }] },
      '/zone_segments/0/time_zone time_zone_not_iana',
    ],
  ])('%o', (request, expected) => {
    expect(problems(request)).toEqual([expected]);
  });
});
