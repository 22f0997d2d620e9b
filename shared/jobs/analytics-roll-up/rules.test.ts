import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { analyticsRollUp } from './index.ts';
import { rules } from './rules.ts';
import { schema } from './schema.ts';

const validates = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

const body = (start: string, end: string, metrics_types: string[] = ['jobs']) => ({
  time_range: { start, end },
  metrics_types,
});

const problemsOf = (payload: ReturnType<typeof body>) => {
  const ruling = rules(payload);
  return 'problems' in ruling ? ruling.problems : [];
};

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
      '/time_range/end',
      'start_not_before_end',
    ],
    [
      'start equal to end',
      '2026-03-01T00:00:00Z',
      '2026-03-01T00:00:00Z',
      '/time_range/end',
      'start_not_before_end',
    ],
    [
      'start equal to end by another offset',
      '2026-03-01T01:00:00+01:00',
      '2026-03-01T00:00:00Z',
      '/time_range/end',
      'start_not_before_end',
    ],
    ['a missing offset', '2026-03-01T00:00:00', '2026-03-02T00:00:00Z', '/time_range/start', 'wrong_format'],
    ['30 February', '2026-02-01T00:00:00Z', '2026-02-30T00:00:00Z', '/time_range/end', 'invalid_instant'],
    [
      '29 February of 2026',
      '2026-02-29T00:00:00Z',
      '2026-03-02T00:00:00Z',
      '/time_range/start',
      'invalid_instant',
    ],
    ['hour 24', '2026-03-01T24:00:00Z', '2026-03-03T00:00:00Z', '/time_range/start', 'invalid_instant'],
    ['month 13', '2026-13-01T00:00:00Z', '2027-03-03T00:00:00Z', '/time_range/start', 'invalid_instant'],
    [
      '31 days and a millisecond',
      '2026-03-01T00:00:00Z',
      '2026-04-01T00:00:00.001Z',
      '/time_range',
      'range_too_long',
    ],
  ])('refuses %s', (_, start, end, pointer, code) => {
    expect(problemsOf(body(start, end))).toEqual([{ pointer, code, detail: expect.any(String) }]);
  });

  it.each([
    ['exactly 31 days', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z'],
    ['29 February of a leap year', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00Z'],
    ['a millisecond', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00.001Z'],
    ['two offsets', '2026-03-08T00:00:00-05:00', '2026-03-09T00:00:00-04:00'],
  ])('accepts %s', (_, start, end) => {
    expect(problemsOf(body(start, end))).toEqual([]);
  });
});

describe('metrics types', () => {
  it('names the known ones, all problems at once, and never repeats what was sent', () => {
    const problems = problemsOf(body('2026-02-30T00:00:00Z', 'x', ['jobs', 'jane@example.org', 'Jobs']));
    expect(problems.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/time_range/start invalid_instant',
      '/time_range/end wrong_format',
      '/metrics_types/1 unknown_metrics_type',
      '/metrics_types/2 unknown_metrics_type',
    ]);
    expect(problems[2]?.detail).toBe(
      'Must be one of: adherence, reminders, refills, supply, interactions, jobs, security, execution_time, success_rate, error_rate, retry_count, queue_wait.',
    );
    expect(JSON.stringify(problems)).not.toContain('jane');
  });
});
