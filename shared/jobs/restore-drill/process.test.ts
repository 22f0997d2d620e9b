import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { createInMemoryDrill, createInMemoryDrillTables } from '#test/fakes/in-memory-drill.ts';
import { LiveTables } from '#test/fakes/live-tables.ts';
import { lastDrills } from '../archive/drill-report.ts';
import { newDrill } from '../archive/drill-run.ts';
import type { Done, JobView, RestoreDrill } from '../ports.ts';
import { restoreDrill } from './index.ts';
import type { RestoreDrillPayload } from './schema.ts';

const NOW = '2026-03-20T06:10:00.000Z';
const MONTH = '2026-03';

const benchOf = (drill: RestoreDrill) => {
  const bench = new KindBench(NOW);
  const archive = createInMemoryArchive();
  const run = async (payload: RestoreDrillPayload, set: Partial<JobView<never>> = {}): Promise<Done> => {
    const { payload: _, ...job } = bench.job(payload, { ...set, payload: undefined });
    return bench.commit(await restoreDrill.open(payload).process(job, bench.world({ drill, archive })));
  };
  return { bench, run, archive };
};

/** All jobs of a drill, each made by the one before. */
async function jobsOf(drill: RestoreDrill) {
  const { bench, run, archive } = benchOf(drill);
  const done: Extract<Done, { end: 'succeeded' }>[] = [];
  for (let payload: RestoreDrillPayload | undefined = { month: MONTH }; payload; ) {
    const end = await run(payload);
    if (end.end !== 'succeeded') throw new Error(`A step ended ${end.end}.`);
    done.push(end);
    const [next, ...more] = end.children ?? [];
    expect(more).toEqual([]);
    // As its own step hands it on.
    payload = next ? (next.payload as RestoreDrillPayload) : undefined;
  }
  return { bench, done, archive };
}

async function backedUp() {
  const live = new LiveTables(5);
  live.fill('jobs', 30);
  live.fill('records', 400);
  await live.backUp('full', 'full', () => live.change(10));
  await live.change(100);
  return live;
}

describe('a drill', () => {
  it('is one job for each step; the last tells what it has shown, and from when on it is known', async () => {
    const live = await backedUp();
    const { bench, done, archive } = await jobsOf(
      createInMemoryDrill(live.archive, () => NOW, createInMemoryDrillTables(), 3),
    );
    expect(done.length).toBeGreaterThan(3);
    for (const step of done.slice(0, -1)) expect(step.counts).toBeUndefined();
    const last = done.at(-1);
    expect(last?.result).toMatchObject({ passed: true, backup_id: 'full', faults: [] });
    expect(last?.counts).toEqual({
      restore_drills_passed: 1,
      restore_rto_seconds: 0,
      restore_rpo_seconds: expect.any(Number),
    });
    expect((await lastDrills(archive, 12)).drills).toMatchObject([
      { month: MONTH, passed: true, backup_id: 'full', restore_rto_seconds: 0 },
    ]);
    expect(last?.summary).toMatch(/^2026-03: passed, \d{3} items and changes replayed in 0 s$/);
    expect([...bench.db.records.values()].toSorted((a, b) => a.id.length - b.id.length)).toMatchObject([
      { type: 'backup', id: 'drill', state: { status: 'completed', until: NOW } },
      { type: 'backup', id: 'drill-lock', state: { status: 'free' } },
    ]);
  });

  it('fails when the backup that ended last, as the tables tell, is not there', async () => {
    const live = await backedUp();
    const { bench, run } = benchOf(createInMemoryDrill(live.archive, () => NOW));
    for (const [head, passed] of [
      ['full', true],
      ['taken-away', false],
    ] as const) {
      bench.write({
        type: 'backup',
        owner: 'SYSTEM',
        id: 'head',
        expect: 'any',
        state: { status: 'completed', backupId: head },
        body: {},
      });
      let done = await run({ month: MONTH });
      while (done.end === 'succeeded' && done.children?.[0])
        done = await run(done.children[0].payload as RestoreDrillPayload);
      expect('result' in done && done.result).toMatchObject({
        passed,
        faults: passed ? [] : ['The last backup, taken-away, had ended well and is not there.'],
      });
    }
  });

  it('that fails says so, and counts neither how fast nor how new it was', async () => {
    const drill = createInMemoryDrill((await emptied()).archive, () => NOW);
    const { bench, done, archive } = await jobsOf(drill);
    expect((await lastDrills(archive, 12)).drills).toMatchObject([
      { passed: false, restore_rto_seconds: null },
    ]);
    expect(done.at(-1)).toMatchObject({
      result: { passed: false, faults: ['There is no finished backup.'], restore_rto_seconds: null },
      counts: { restore_drills_passed: 0 },
      summary: expect.stringContaining('FAILED'),
    });
    expect(Object.keys(done.at(-1)?.counts ?? {})).toEqual(['restore_drills_passed']);
    expect([...bench.db.records.values()].map(({ id }) => id)).toEqual(['drill-lock']);
  });

  it.each([
    ['goes on', {}, 'restore', '2026-03-20T05:00:00.000Z'],
    [
      'clears and restores all once more when its last attempt is lost',
      { attempt: 2 },
      'clear',
      '2026-03-20T05:00:00.000Z',
    ],
    ['begins anew when a person retries it', { generation: 2 }, 'clear', NOW],
  ])('%s', async (_, set, phase, startedAt) => {
    const asked: unknown[] = [];
    const { run } = benchOf({
      step: async (order) => {
        asked.push([order.phase, order.started_at]);
        return order;
      },
    });
    const standing = { ...newDrill('2026-03-20T05:00:00.000Z'), phase: 'restore' as const, lines: 7 };
    await run({ month: MONTH, run: standing }, set);
    expect(asked).toEqual([[phase, startedAt]]);
  });
});

it('two drills do not use the same tables, and one that has died does not hold them for ever', async () => {
  const asked: string[] = [];
  const { bench, run } = benchOf({
    step: async (order) => {
      asked.push(order.started_at);
      return order;
    },
  });
  const first = { jobId: '01FIRST' };
  await run({ month: MONTH }, first);
  // An attempt of the same job, and a step of the same drill.
  await run({ month: MONTH }, { ...first, attempt: 2 });
  await run({ month: MONTH, run: newDrill(NOW) }, { jobId: '01NEXT' });
  expect(asked).toHaveLength(3);
  expect(await run({ month: MONTH }, { jobId: '01OTHER' })).toEqual({
    end: 'superseded',
    reason: 'drill_running',
  });
  bench.now = '2026-03-20T07:31:00.000Z';
  await run({ month: MONTH }, { jobId: '01OTHER' });
  expect(asked.slice(3)).toEqual([bench.now]);
});

async function emptied() {
  const live = await backedUp();
  live.archive.objects.clear();
  return live;
}
