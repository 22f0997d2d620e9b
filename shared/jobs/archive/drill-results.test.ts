import { expect, it } from 'vitest';
import { createInMemoryDrill } from '#test/fakes/in-memory-drill.ts';
import { LiveTables } from '#test/fakes/live-tables.ts';
import { addSeconds } from '../../lifecycle/instant.ts';
import { itemOfObject, type JsonItem, RESULTS_TABLE } from '../ports.ts';
import { partKey } from './archive-keys.ts';
import { type DrillRun, drillVerdict, newDrill } from './drill-run.ts';
import { keepChanges } from './keep-changes.ts';

const START = '2026-03-20T06:10:00.000Z';
const results = (count: number): JsonItem[] =>
  Array.from({ length: count }, (_, index) =>
    itemOfObject(`results/${index}/1/1`, Buffer.from(`sealed ${index}`)),
  );

async function backedUp(items = results(9)): Promise<LiveTables> {
  const live = new LiveTables(1, 'scan', items);
  live.fill('jobs', 5);
  live.fill('records', 5);
  await live.backUp('full', 'b-full');
  const image = itemOfObject('results/later/1/1', Buffer.from('sealed later'));
  const change = { sequence: '900000', at: 1, keys: { pk: image.pk, sk: image.sk }, image };
  await keepChanges({ archive: live.archive, clock: () => addSeconds(START, -600) }, RESULTS_TABLE, [change]);
  return live;
}

async function drill({ archive }: LiveTables, steps = Number.POSITIVE_INFINITY): Promise<DrillRun> {
  const { step } = createInMemoryDrill(archive, () => START, undefined, steps);
  let run = newDrill(START);
  for (let calls = 0; run.phase !== 'done' && calls < 100; calls += 1)
    run = await step(JSON.parse(JSON.stringify(run)));
  return run;
}

it.each([Number.POSITIVE_INFINITY, 1])('a drill in steps of %d reads every large result', async (steps) => {
  const run = await drill(await backedUp(), steps);
  expect(run).toMatchObject({ phase: 'done', faults: [], results_read: 10 });
  expect(run.tables.map(({ table }) => table)).toEqual(['jobs', 'records']);
  expect(drillVerdict(run).passed).toBe(true);
});

const FILE = partKey('backups/x/b-full', RESULTS_TABLE, 0, 0);

it.each<[string, (live: LiveTables) => void, string]>([
  ['is gone', ({ archive }) => archive.objects.delete(FILE), `${FILE} is missing.`],
  [
    'was changed',
    ({ archive }) => archive.objects.set(FILE, Buffer.from('x')),
    `${FILE} differs from its checksum.`,
  ],
])('fails when one of their files %s', async (_what, harm, fault) => {
  const live = await backedUp();
  harm(live);
  const run = await drill(live);
  expect(run.faults).toEqual([fault]);
  expect(drillVerdict(run).passed).toBe(false);
});

it('fails when what is in one is no result', async () => {
  const run = await drill(await backedUp([{ pk: { S: 'results/x/1/1' }, sk: { S: 'OBJECT' } }]));
  expect(run.faults).toEqual([`${FILE.replace('000-', '001-')} has a line that tells of no result.`]);
});
