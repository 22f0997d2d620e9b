import { describe, expect, it } from 'vitest';
import { demoStory } from './demo-story.ts';

const row = (kind: string, result: unknown) => ({
  kind,
  job_id: '01',
  status: 'succeeded',
  priority: 'HIGH',
  attempts: 1,
  result,
});

const rows = [
  row('medication-reminder', {
    time_zone: 'America/New_York',
    next_occurrences: [
      { local_time: '2026-11-24T08:00:00-05:00' },
      { local_time: '2026-11-24T20:00:00-05:00' },
    ],
  }),
  row('refill-check', {
    first_uncovered_date: '2026-11-30',
    order_by_date: '2026-11-23',
    urgency: 'now',
    reasons: [{ member: 'urgency', code: 'order_by_date_reached' }],
    assumptions: ['units_per_dose_is_1'],
  }),
  row('interaction-check', {
    findings: [
      {
        level: 'contraindicated',
        medications: ['Zocor', 'clarithromycin'],
        management: 'Do not give them together.',
      },
    ],
  }),
  row('analytics-roll-up', {
    suppression: { people_told_after: '2026-11-27T12:15:00.000Z' },
    metrics: {
      jobs: {
        total: {
          accepted: 12,
          ended: 11,
          execution_time_ms: { samples: 11, p50: 125, p95: 2002, p99: 6245 },
          queue_wait_ms: { samples: 11, p50: 748, p95: 3684, p99: null },
        },
      },
      security: { refusals: 3 },
      reminders: { published: 40, taken: null },
      refills: { checks: 0 },
      interactions: { findings: null },
    },
  }),
];

const incomplete = {
  outcome: 'incomplete',
  statement: 'The check is incomplete.',
  unrecognised: [{ medication: 'warfrin', candidates: [{ name: 'warfarin', score: 0.9333 }] }],
};

describe('the demo’s story', () => {
  it('tells doses in local time, the reminder as it reads and the supply with its reasons', () => {
    const published = { text: { title: 'Time for your medication', body: 'A dose is due now.' } };
    expect(
      demoStory(rows, published, incomplete)
        .split('\n')
        .map((line) => line.trimEnd()),
    ).toEqual([
      'Next doses    Tue 24 Nov 08:00, Tue 24 Nov 20:00 (America/New_York)',
      'In the inbox  Time for your medication: A dose is due now.',
      'Supply        first day without enough: 2026-11-30, order by 2026-11-23, urgency now',
      '              because urgency: order_by_date_reached',
      '              assuming units_per_dose_is_1',
      'Interactions  contraindicated: Zocor and clarithromycin',
      '                Do not give them together.',
      'Misspelt      incomplete: The check is incomplete.',
      '              "warfrin" is not recognised. Is it warfarin (0.93)?',
      'Roll-up       12 jobs accepted, 11 ended, 3 requests refused',
      '              execution p50 125 ms, p95 2002 ms, p99 6245 ms; queue wait p50 748 ms, p95 3684 ms, p99 - ms',
      '              doses published 40, doses taken withheld, refill checks 0, interactions found withheld',
      '              withheld: not settled before 2026-11-27T12:15:00.000Z, and later when 1 to 10 people stand behind it',
    ]);
  });

  it('says so when a part is missing', () => {
    expect(demoStory([], undefined, undefined)).toContain('Next doses    none');
    expect(demoStory([], undefined, undefined)).toContain('nothing was published');
    expect(demoStory([], undefined, undefined)).toContain('Supply        not known');
    expect(demoStory([], undefined, undefined)).toContain('Roll-up       not known');
  });
});
