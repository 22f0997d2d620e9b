import { expect, it } from 'vitest';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import {
  createInMemoryDrill,
  createInMemoryDrillTables,
  type InMemoryDrillTables,
} from '#test/fakes/in-memory-drill.ts';
import { LiveTables } from '#test/fakes/live-tables.ts';
import { addSeconds } from '../../lifecycle/instant.ts';
import type { ItemState } from '../ports.ts';
import { type CompletedBackup, isCompleted, newestFirst } from './catalogue.ts';
import { type DrillRun, drillVerdict, newDrill, startedOver } from './drill-run.ts';
import { keepChanges } from './keep-changes.ts';

/** Later than all that the tables of these tests tell. */
const START = '2026-03-20T06:10:00.000Z';

/** A full backup, an increment, and changes that are in no backup yet; items came, changed and went all the while. */
async function live(items = 1_500): Promise<LiveTables> {
  const tables = new LiveTables(20_261_129);
  tables.fill('jobs', items);
  tables.fill('records', items * 2);
  await tables.backUp('full', 'b-full', () => tables.change(60));
  await tables.change(700);
  await tables.backUp('incremental', 'b-last');
  await tables.change(700);
  await tables.settle();
  return tables;
}

interface Drilled {
  readonly run: DrillRun;
  readonly calls: number;
  /** What stood when all had been compared, or when something was found wrong. */
  readonly stood: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const MOST_CALLS = 500;

/** A drill from its beginning to its end, over JSON as between jobs. @param steps as those of `createInMemoryDrill` */
async function drill(
  { archive }: Pick<LiveTables, 'archive'>,
  tables: InMemoryDrillTables = createInMemoryDrillTables(),
  steps = Number.POSITIVE_INFINITY,
  each: (run: DrillRun) => DrillRun = (run) => run,
): Promise<Drilled> {
  let now = START;
  const clock = () => {
    now = addSeconds(now, 1);
    return now;
  };
  const { step } = createInMemoryDrill(archive, clock, tables, steps);
  let run = newDrill(START);
  let stood: Drilled['stood'] = new Map();
  for (let calls = 1; calls <= MOST_CALLS; calls += 1) {
    const before = run.phase;
    run = each(await step(JSON.parse(JSON.stringify(run))));
    if (run.phase === 'empty' && before !== 'empty')
      stood = new Map([...tables.tables].map(([name, items]) => [name, new Map(items)]));
    if (run.phase === 'done') return { run, calls, stood };
  }
  throw new Error('The drill does not end.');
}

const left = ({ tables }: InMemoryDrillTables): number[] => [...tables.values()].map(({ size }) => size);

it('restores the newest chain and all that came after, compares it, and takes it away again', async () => {
  const tables = await live();
  const place = createInMemoryDrillTables();
  const { run, stood } = await drill(tables, place);
  expect(run).toMatchObject({ phase: 'done', backup_id: 'b-last', faults: [] });
  for (const [table, items] of tables.tables)
    expect([...(stood.get(table) ?? [])].toSorted()).toEqual([...items].toSorted());
  for (const { expected, found, table } of run.tables) {
    expect(found).toBe(expected);
    expect(found).toMatch(new RegExp(`^${tables.tables.get(table)?.size}:`));
  }
  expect(left(place)).toEqual([0, 0]);
  expect(tables.deletions).toBeGreaterThan(100);
  const verdict = drillVerdict(run);
  expect(verdict).toMatchObject({ passed: true, rtoSeconds: expect.any(Number) });
  expect(verdict.rtoSeconds).toBeGreaterThan(0);
});

it('reads on behind a newer full backup that the newest increment does not continue', async () => {
  const tables = await live(10);
  await tables.backUp('full', 'b-full-2', () => tables.change(10));
  const { manifest } = await newest(tables.archive);
  // Asked for just after the full one, and so before its end: it waits for it, and continues what had ended by then.
  const askedAt = addSeconds(manifest.started_at, 1);
  await tables.backUp('incremental', 'b-meanwhile', undefined, askedAt);
  const chosen = await newest(tables.archive);
  expect([chosen.backupId, chosen.manifest.parent]).toEqual(['b-meanwhile', 'b-last']);
  expect((await drill(tables)).run).toMatchObject({ phase: 'done', backup_id: 'b-meanwhile', faults: [] });
});

it('tells the age of the newest change that it restored, and of the backup where there is none', async () => {
  const { archive } = await live(10);
  const before = (await drill({ archive })).run;
  const { manifest } = await newest(archive);
  expect(before.newest_change).toBe(manifest.interval.until);
  const [made, written] = ['2026-03-20T06:08:30.000Z', '2026-03-20T06:08:59.000Z'];
  const keys = { pk: { S: 'NEW' }, sk: { S: 'ROW' } };
  const change = { sequence: '999999999', at: Date.parse(made) / 1_000, keys, image: keys };
  await keepChanges({ archive, clock: () => written }, 'records', [change]);
  // Written after the start: no restore that began then would have it.
  const later = { ...change, sequence: '9999999999', at: change.at + 300 };
  await keepChanges({ archive, clock: () => addSeconds(START, 1) }, 'records', [later]);
  const { run } = await drill({ archive });
  expect(run).toMatchObject({ newest_change: made, faults: [] });
  expect(drillVerdict(run).rpoSeconds).toBe(90);
});

async function newest(archive: LiveTables['archive']): Promise<CompletedBackup> {
  for await (const entry of newestFirst(archive)) if (isCompleted(entry)) return entry;
  throw new Error('There is no backup.');
}

it('in steps of a page each comes to the same', async () => {
  const tables = await live();
  const whole = await drill(tables);
  const stepwise = await drill(tables, createInMemoryDrillTables(), 1);
  expect(stepwise.calls).toBeGreaterThan(20);
  expect(stepwise.run.tables).toEqual(whole.run.tables);
  expect(stepwise.run.faults).toEqual([]);
});

it('comes to the same when steps are lost and repeated, at each phase', async () => {
  const tables = await live(400);
  const whole = await drill(tables);
  const place = createInMemoryDrillTables();
  const { step } = createInMemoryDrill(tables.archive, () => START, place, 2);
  let run = newDrill(START);
  const lost = new Set<string>();
  for (let calls = 0; run.phase !== 'done' && calls < MOST_CALLS; calls += 1) {
    // Of each phase one step in the middle of it does its work, and nobody learns how far it came.
    if (run.lines > 0 || run.table === 1 || run.phase === 'choose')
      if (!lost.has(run.phase)) {
        lost.add(run.phase);
        await step(run);
        await step(await step(run)).catch(() => undefined);
        run = startedOver(run);
      }
    run = await step(run);
  }
  expect([...lost]).toEqual(expect.arrayContaining(['restore', 'compare', 'empty']));
  expect([run.phase, run.faults]).toEqual(['done', []]);
  expect(run.tables).toEqual(whole.run.tables);
});

it('clears what an earlier drill has left', async () => {
  const place = createInMemoryDrillTables();
  const keys = { pk: { S: 'LEFT' }, sk: { S: 'ROW' } };
  await place.write('records', [{ keys, image: keys }]);
  const { run } = await drill(await live(50), place);
  expect(run.faults).toEqual([]);
});

it.each<[string, (archive: LiveTables['archive']) => void, RegExp]>([
  [
    'a data file was changed',
    ({ objects }) => {
      const key = [...objects.keys()].find((one) => one.includes('/records/data/')) ?? '';
      objects.set(key, Buffer.from('changed'));
    },
    /differs from its checksum/,
  ],
  [
    'an object of the change log is missing',
    ({ objects }) => {
      const list = Buffer.from(objects.get('backups/x/b-last/jobs/manifest-files.json') ?? []).toString();
      objects.delete(JSON.parse(list.split('\n')[0] ?? '').dataFileS3Key);
    },
    /is missing/,
  ],
  [
    'what it continues is not finished',
    ({ objects }) => objects.delete('backups/x/b-full/completed'),
    /is unfinished/,
  ],
  ['there is no backup', ({ objects }) => objects.clear(), /no finished backup/],
])('fails when %s, and leaves nothing behind', async (_, spoil, fault) => {
  const tables = await live(300);
  spoil(tables.archive);
  const place = createInMemoryDrillTables();
  const { run } = await drill(tables, place);
  expect(run.faults).toEqual([expect.stringMatching(fault)]);
  expect(drillVerdict(run)).toMatchObject({ passed: false });
  expect(drillVerdict(run).rtoSeconds).toBeUndefined();
  expect(left(place).reduce((sum, size) => sum + size, 0)).toBe(0);
});

it('fails when somebody else has signed', async () => {
  const tables = await live(30);
  const { archive } = tables;
  const { signature } = await archive.sign('something else');
  const marker = Buffer.from(archive.objects.get('backups/x/b-last/completed') ?? []).toString();
  const forged = marker.replace(/"signature":"[^"]+"/, `"signature":"${signature}"`);
  archive.objects.set('backups/x/b-last/completed', Buffer.from(forged));
  const { run, stood } = await drill(tables);
  expect(run.faults).toEqual(['Backup b-last was not signed with the key of backups.']);
  expect([...stood.values()].every(({ size }) => size === 0)).toBe(true);
});

it.each<[string, (states: readonly ItemState[]) => readonly ItemState[]]>([
  ['loses an item', (states) => states.slice(states[0]?.image ? 1 : 0)],
  ['keeps what was deleted', (states) => states.filter(({ image }) => image !== undefined)],
  [
    'changes what it is given',
    (states) =>
      states.map(({ keys, image }, index) => ({
        keys,
        ...(image && { image: index === 3 ? { ...image, more: { BOOL: true } } : image }),
      })),
  ],
])('fails when a table %s', async (_, spoil) => {
  const tables = await live(300);
  const place = createInMemoryDrillTables();
  let isRestoring = true;
  const bad = {
    ...place,
    write: (table: string, states: readonly ItemState[]) =>
      place.write(table, isRestoring ? spoil(states) : states),
  };
  const { run } = await drill(tables, bad, 1, (one) => {
    isRestoring = one.phase === 'restore';
    return one;
  });
  expect(run.faults).toContain('What was restored into records is not what the backup says.');
});

it('fails when it has not compared anything within a day', async () => {
  const { archive } = await live(30);
  const late = createInMemoryDrill(archive, () => addSeconds(START, 25 * 3_600));
  const run = await late.step(newDrill(START));
  expect(run).toMatchObject({ phase: 'empty', faults: ['Nothing was compared within 24 hours.'] });
  // What is judged already is taken away however late it is.
  expect(await late.step(run)).toMatchObject({ phase: 'done', faults: [expect.any(String)] });
});

it('has nothing to say about an archive in which nothing lies', async () => {
  const { run } = await drill({ archive: createInMemoryArchive() });
  expect(run.faults).toEqual(['There is no finished backup.']);
});
