import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { analyticsRollUp } from './index.ts';
import { rules } from './rules.ts';
import { type AnalyticsRollUpPayload, schema } from './schema.ts';

const validates = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

const body = (
  start: string,
  end: string,
  metrics_types: string[] = ['jobs'],
  time_zone?: string,
): AnalyticsRollUpPayload => ({
  time_range: { start, end },
  metrics_types,
  ...(time_zone !== undefined && { time_zone }),
});

const problemsOf = (payload: AnalyticsRollUpPayload, defaultTimeZone?: string) => {
  const ruling = rules(payload, defaultTimeZone === undefined ? {} : { defaultTimeZone });
  return 'problems' in ruling ? ruling.problems : [];
};

const codesOf = (payload: AnalyticsRollUpPayload, defaultTimeZone?: string) =>
  problemsOf(payload, defaultTimeZone).map(({ pointer, code }) => `${pointer} ${code}`);

describe('the body', () => {
  it('accepts its own example', () => {
    expect(validates(analyticsRollUp.example)).toBe(true);
    expect(problemsOf(body('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'))).toEqual([]);
  });

  it.each([
    ['no offset', body('2026-03-01T00:00:00', '2026-03-02T00:00:00Z')],
    ['a date only', body('2026-03-01', '2026-03-02T00:00:00Z')],
    ['no metrics types', body('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', [])],
    ['one metrics type twice', body('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', ['jobs', 'jobs'])],
    ['an unknown member', { ...body('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'), user_id: 'u' }],
    ['a number as start', { time_range: { start: 1, end: '2026-03-02T00:00:00Z' }, metrics_types: ['jobs'] }],
    ['an empty zone', body('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', ['jobs'], '')],
  ])('is refused by the schema: %s', (_, payload) => {
    expect(validates(payload)).toBe(false);
  });
});

describe('the window', () => {
  it.each([
    [
      'start after end',
      '2026-03-02T00:00:00Z',
      '2026-03-01T00:00:00Z',
      '/time_range/end start_not_before_end',
    ],
    [
      'start equal to end',
      '2026-03-01T00:00:00Z',
      '2026-03-01T00:00:00Z',
      '/time_range/end start_not_before_end',
    ],
    [
      'start equal to end by another offset',
      '2026-03-01T01:00:00+01:00',
      '2026-03-01T00:00:00Z',
      '/time_range/end start_not_before_end',
    ],
    ['a missing offset', '2026-03-01T00:00:00', '2026-03-02T00:00:00Z', '/time_range/start wrong_format'],
    ['30 February', '2026-02-01T00:00:00Z', '2026-02-30T00:00:00Z', '/time_range/end invalid_instant'],
    [
      '29 February of 2026',
      '2026-02-29T00:00:00Z',
      '2026-03-02T00:00:00Z',
      '/time_range/start invalid_instant',
    ],
    ['hour 24', '2026-03-01T24:00:00Z', '2026-03-03T00:00:00Z', '/time_range/start invalid_instant'],
    ['month 13', '2026-13-01T00:00:00Z', '2027-03-03T00:00:00Z', '/time_range/start invalid_instant'],
    [
      '31 days and a millisecond',
      '2026-03-01T00:00:00Z',
      '2026-04-01T00:00:00.001Z',
      '/time_range range_too_long',
    ],
    ['367 whole days', '2026-03-01T00:00:00Z', '2027-03-03T00:00:00Z', '/time_range range_too_long'],
    ['a hundred years', '2026-03-01T00:00:00Z', '2126-03-01T00:00:00Z', '/time_range range_too_long'],
  ])('refuses %s', (_, start, end, problem) => {
    expect(codesOf(body(start, end))).toEqual([problem]);
  });

  it.each([
    ['exactly 31 days', '2026-03-01T07:00:00Z', '2026-04-01T07:00:00Z'],
    ['29 February of a leap year', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00Z'],
    ['a millisecond', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00.001Z'],
    ['two offsets', '2026-03-08T00:00:00-05:00', '2026-03-09T00:00:00-04:00'],
    ['366 whole days', '2026-03-01T00:00:00Z', '2027-03-02T00:00:00Z'],
  ])('accepts %s', (_, start, end) => {
    expect(problemsOf(body(start, end))).toEqual([]);
  });

  it('of more than 31 days is made of whole days of its zone', () => {
    const [start, end] = ['2026-10-01T04:00:00Z', '2026-12-01T05:00:00Z'];
    expect(codesOf(body(start, end))).toEqual(['/time_range range_too_long']);
    expect(codesOf(body(start, end, ['jobs'], 'America/New_York'))).toEqual([]);
    expect(codesOf(body(start, end), 'America/New_York')).toEqual([]);
  });
});

describe('the zone', () => {
  it.each(['EST', 'CET', '+05:00', 'Etc/GMT+5', 'Mars/Olympus'])('is a region, not %s', (zone) => {
    const asked = body('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', ['jobs'], zone);
    expect(problemsOf(asked)).toEqual([
      {
        pointer: '/time_zone',
        code: 'time_zone_not_iana',
        detail: expect.stringContaining('America/New_York'),
      },
    ]);
  });

  it.each([
    ['the request’s', 'asia/kolkata', 'Europe/Paris', 'Asia/Kolkata'],
    ['the deployment’s', undefined, 'Europe/Paris', 'Europe/Paris'],
    ['UTC', undefined, undefined, 'Etc/UTC'],
  ])('is %s, and stays with the job', (_, zone, fallback, expected) => {
    const ruling = rules(
      body('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', ['jobs'], zone),
      fallback === undefined ? {} : { defaultTimeZone: fallback },
    );
    expect(ruling).toMatchObject({ ok: true, payload: { time_zone: expected } });
  });
});

describe('what tells of people', () => {
  it.each(['adherence', 'reminders', 'refills', 'supply', 'interactions'])(
    'takes whole local days: %s',
    (metric) => {
      const asked = body(
        '2026-03-08T00:00:00Z',
        '2026-03-09T04:00:00Z',
        ['jobs', metric],
        'America/New_York',
      );
      const [problem, ...others] = problemsOf(asked);
      expect(others).toEqual([]);
      expect(problem).toMatchObject({ pointer: '/time_range/start', code: 'not_start_of_local_day' });
      expect(problem?.detail).toContain('2026-03-07T05:00:00.000Z or 2026-03-08T05:00:00.000Z');
      expect(codesOf({ ...asked, metrics_types: ['jobs', 'security'] })).toEqual([]);
    },
  );

  it.each([
    ['23 hours', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 'America/New_York'],
    ['25 hours', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', 'America/New_York'],
    ['a half-hour zone', '2026-03-01T18:30:00Z', '2026-03-02T18:30:00Z', 'Asia/Kolkata'],
    ['a day without midnight', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z', 'Africa/Cairo'],
  ])('takes days of %s', (_, start, end, zone) => {
    expect(codesOf(body(start, end, ['adherence'], zone))).toEqual([]);
  });
});

describe('security', () => {
  it.each([
    ['2026-03-01T10:30:00Z', '2026-03-01T12:00:00Z', ['/time_range/start not_start_of_hour']],
    ['2026-03-01T10:00:00Z', '2026-03-01T12:00:00.001Z', ['/time_range/end not_start_of_hour']],
    ['2026-03-01T10:00:00Z', '2026-03-01T12:00:00Z', []],
  ])('takes whole hours, because refusals are counted by them: %s to %s', (start, end, problems) => {
    expect(codesOf(body(start, end, ['security']))).toEqual(problems);
    expect(codesOf(body(start, end))).toEqual([]);
  });

  it('takes local days, wherever they begin', () => {
    const india = body('2026-03-01T18:30:00Z', '2026-03-02T18:30:00Z', ['security'], 'Asia/Kolkata');
    expect(codesOf(india)).toEqual([]);
  });
});

describe('metrics types', () => {
  it('names the known ones, all problems at once, and never repeats what was sent', () => {
    const problems = problemsOf(
      body('2026-02-30T00:00:00Z', 'x', ['jobs', 'jane@example.org', 'Jobs'], 'EST'),
    );
    expect(problems.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/time_range/start invalid_instant',
      '/time_range/end wrong_format',
      '/metrics_types/1 unknown_metrics_type',
      '/metrics_types/2 unknown_metrics_type',
      '/time_zone time_zone_not_iana',
    ]);
    expect(problems[2]?.detail).toBe(
      'Must be one of: adherence, reminders, refills, supply, interactions, jobs, security, execution_time, success_rate, error_rate, retry_count, queue_wait.',
    );
    expect(JSON.stringify(problems)).not.toContain('jane');
  });
});
