import { describe, expect, it } from 'vitest';
import { RollUpBench } from '#test/builders/roll-up-bench.ts';
import type { JsonObject } from '../ports.ts';
import { JOB_KINDS } from '../registry.ts';
import { analystView, KINDS_ABOUT_NOBODY } from './analyst-view.ts';

const START = '2026-03-01T00:00:00.000Z';
const asked = (metrics_types: string[], end = '2026-03-02T00:00:00.000Z'): JsonObject => ({
  time_range: { start: START, end },
  metrics_types,
});

const CHECKS = ['interaction-check', 'refill-check', 'supply-monitor'];

/** `count` checks of as many people, so that every number about them is to be withheld up to ten. */
function benchWith(count: number, kinds = CHECKS): RollUpBench {
  const bench = new RollUpBench('2026-03-05T00:00:00.000Z');
  for (const kind of kinds)
    for (let user = 0; user < count; user += 1)
      bench.endJob({
        kind,
        jobId: `${kind}-${user}`,
        userRef: bench.refs.user(`u${user}`),
        facts: { outcome: 'none_found', urgency: 'ok', by_outcome: { projected: 1 }, entries: 2 },
      });
  for (let user = 0; user < count; user += 1) {
    bench.dose(`u${user}`, '2026-03-01T10:30:00.000Z');
    bench.fill(`u${user}`, 'm', '2026-03-01', 30);
  }
  for (let run = 0; run < 3; run += 1) bench.endJob({ kind: 'backup', priority: 'LOW', jobId: `b${run}` });
  return bench;
}

const ALL = ['adherence', 'reminders', 'refills', 'supply', 'interactions', 'jobs', 'security'];
const PERSONAL = ALL.slice(0, 5);

describe('what an analyst can compute of a window with few people', () => {
  it.each([
    ['all metrics at once', [ALL]],
    ['one metric after the other', ALL.map((metric) => [metric])],
    ['parts of jobs', [['queue_wait'], ['success_rate', 'retry_count'], ['error_rate', 'execution_time']]],
    ['metrics of people and windows of jobs beside them', [PERSONAL, ['jobs']]],
  ])('is the same for 3 people and for 7: %s', async (_, requests) => {
    const seen = async (people: number): Promise<unknown[]> => {
      const bench = benchWith(people);
      const answers: unknown[] = [];
      for (const metrics of requests)
        for (const end of ['2026-03-01T11:00:00.000Z', '2026-03-02T00:00:00.000Z']) {
          if (end !== '2026-03-02T00:00:00.000Z' && metrics.some((each) => PERSONAL.includes(each))) continue;
          const { result, summary } = await bench.run(asked([...metrics], end));
          answers.push(analystView(result), summary);
        }
      return answers;
    };
    expect(await seen(3)).toEqual(await seen(7));
  });

  it('is the same of the metrics of people for whoever asks, counts of read doses and fills included', async () => {
    const seen = async (people: number) => (await benchWith(people, []).run(asked(PERSONAL))).result;
    expect(await seen(3)).toEqual(await seen(7));
    expect((await seen(20))['coverage']).toMatchObject({ late_events: 0, fills_read: 20 });
  });
});

describe('jobs, for an analyst', () => {
  it('are those about no patient; others see all', async () => {
    const { result, metrics } = await benchWith(3).run(asked(['jobs']));
    expect(metrics['jobs'].total.ended).toBe(12);
    expect(analystView(result)).toMatchObject({
      metrics: {
        jobs: {
          total: { accepted: 0, ended: 3, succeeded: 3, failed: 0 },
          by_kind: [{ kind: 'backup', ended: 3 }],
          withheld: 'kinds_about_one_patient',
        },
      },
      coverage: { rows_read: null },
    });
  });

  it('name kinds of which no job is about a patient', () => {
    const about = JOB_KINDS.filter(({ name }) => KINDS_ABOUT_NOBODY.some((kind) => kind === name));
    expect(about.map(({ name }) => name).sort()).toEqual([...KINDS_ABOUT_NOBODY]);
    for (const kind of about) expect(kind.open(kind.example).userId).toBeUndefined();
  });
});
