import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createInMemoryArchive, type InMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { LiveTables } from '#test/fakes/live-tables.ts';
import { restoredTables } from '#test/fakes/restored-tables.ts';
import { chainOf, isCompleted, MissingLinkError, newestFirst } from './catalogue.ts';
import { expectedHash, type RestoreDeps, restoreAndCompare } from './restore.ts';
import { planRestore } from './restore-plan.ts';
import { chainFaults } from './verify-backup.ts';

const depsOf = (archive: InMemoryArchive, set: Partial<RestoreDeps> = {}): RestoreDeps => ({
  archive,
  keyNames: ['pk', 'sk'],
  admit: async (_, item) => item,
  ...set,
});

async function catalogue(archive: InMemoryArchive) {
  const entries = [];
  for await (const entry of newestFirst(archive)) entries.push(entry);
  return entries;
}

async function restore(archive: InMemoryArchive, backupId: string, set: Partial<RestoreDeps> = {}) {
  const chain = chainOf(await catalogue(archive), backupId);
  const target = restoredTables();
  const deps = depsOf(archive, set);
  const plans = await planRestore(archive, chain);
  const restored = await restoreAndCompare(deps, plans, target);
  // In several passes it is the same.
  for (const [index, plan] of plans.entries())
    expect((await expectedHash(deps, plan, 20_000)).text()).toBe(restored[index]?.expected);
  return { target, restored, chain };
}

describe('a restore', () => {
  it('of 50,000 items, overwritten and deleted while and after they were backed up, differs in nothing', async () => {
    const live = new LiveTables(20_261_129);
    live.fill('jobs', 20_000);
    live.fill('records', 30_000);
    await live.change(5_000);
    await live.backUp('full', 'b-full', () => live.change(60));
    await live.change(4_000);
    await live.backUp('incremental', 'b-one');
    await live.change(4_000);
    await live.backUp('incremental', 'b-two');
    await live.settle();
    const { target, restored, chain } = await restore(live.archive, 'b-two');
    expect(chain.map(({ backupId }) => backupId)).toEqual(['b-full', 'b-one', 'b-two']);
    for (const table of ['jobs', 'records']) {
      const [stands, standing] = [target.tables.get(table), live.asOf('b-two', table)];
      expect(stands?.size).toBe(standing.size);
      const differences = [...standing].filter(([key, item]) => stands?.get(key) !== item);
      expect(differences).toEqual([]);
    }
    expect(restored.map(({ expected, found }) => expected === found)).toEqual([true, true]);
    // Something was at stake: items came, changed and went while the scan ran.
    expect(live.changesDuring('b-full')).toBeGreaterThan(400);
    expect(live.deletions).toBeGreaterThan(1_000);
  }, 120_000);

  it('of an export of DynamoDB’s own is the same, also when the tables changed while it was made', async () => {
    const live = new LiveTables(77, 'export');
    live.fill('jobs', 300);
    live.fill('records', 700);
    await live.change(200);
    await live.backUp('full', 'b-full', () => live.change(40));
    await live.change(200);
    await live.backUp('incremental', 'b-one');
    await live.change(200);
    await live.backUp('incremental', 'b-two');
    const entries = await catalogue(live.archive);
    expect(entries.map((entry) => isCompleted(entry) && entry.manifest.engine)).toEqual([
      'scan',
      'scan',
      'export',
    ]);
    const faults = await chainFaults(
      live.archive,
      chainOf(entries, 'b-two'),
      live.archive.publicKey,
      'files',
    );
    expect(faults).toEqual([]);
    const { target, restored } = await restore(live.archive, 'b-two');
    for (const table of ['jobs', 'records'])
      expect(target.tables.get(table)).toEqual(live.asOf('b-two', table));
    expect(restored.map(({ expected, found }) => expected === found)).toEqual([true, true]);
    expect(live.changesDuring('b-full')).toBeGreaterThan(50);
  });

  it('of a differential needs the full backup and nothing between', async () => {
    const live = new LiveTables(7);
    live.fill('records', 300);
    live.fill('jobs', 1);
    await live.backUp('full', 'full', () => live.change(3));
    await live.change(100);
    await live.backUp('incremental', 'between');
    await live.change(100);
    await live.backUp('differential', 'last');
    live.archive.objects.delete('backups/x/between/completed');
    const { target, chain } = await restore(live.archive, 'last');
    expect(chain.map(({ backupId }) => backupId)).toEqual(['full', 'last']);
    expect(target.tables.get('records')).toEqual(live.asOf('last', 'records'));
  });

  it('leaves out what is not admitted, also when it was admitted before it changed', async () => {
    const live = new LiveTables(3);
    live.fill('records', 50);
    live.fill('jobs', 0);
    await live.backUp('full', 'full');
    const [changed = ''] = live.tables.get('records')?.keys() ?? [];
    live.put('records', changed, 'erased');
    await live.settle();
    await live.backUp('incremental', 'last');
    const { target, restored } = await restore(live.archive, 'last', {
      admit: async (_, item) => (JSON.stringify(item).includes('erased') ? undefined : item),
    });
    expect(target.tables.get('records')?.size).toBe(49);
    expect(target.tables.get('records')?.has(changed)).toBe(false);
    expect(restored.map(({ expected, found }) => expected === found)).toEqual([true, true]);
  });

  it('does not mind changes that were written to the log twice', async () => {
    const live = new LiveTables(5);
    live.fill('records', 100);
    live.fill('jobs', 0);
    await live.backUp('full', 'full');
    live.writesTwice = true;
    await live.change(200);
    await live.backUp('incremental', 'last');
    const { target } = await restore(live.archive, 'last');
    expect(target.tables.get('records')).toEqual(live.asOf('last', 'records'));
  });
});

describe('a chain', () => {
  const made = async () => {
    const live = new LiveTables(11);
    live.fill('records', 40);
    live.fill('jobs', 40);
    await live.backUp('full', 'full');
    await live.change(20);
    await live.backUp('incremental', 'one');
    await live.change(20);
    await live.backUp('incremental', 'two');
    return live.archive;
  };

  it('stands in the catalogue, the newest first', async () => {
    const archive = await made();
    const entries = await catalogue(archive);
    expect(entries.map(({ backupId, status }) => [backupId, status])).toEqual([
      ['two', 'completed'],
      ['one', 'completed'],
      ['full', 'completed'],
    ]);
    await expect(chainFaults(archive, chainOf(entries, 'two'), archive.publicKey, 'files')).resolves.toEqual(
      [],
    );
  });

  it.each<[string, (archive: InMemoryArchive) => void]>([
    ['has no marker', ({ objects }) => objects.delete('backups/x/one/completed')],
    ['has no manifest', ({ objects }) => objects.delete('backups/x/one/manifest.json')],
    [
      'is not in the catalogue',
      ({ objects }) => {
        for (const key of objects.keys()) if (/^catalogue\/.*-one-/.test(key)) objects.delete(key);
      },
    ],
    [
      'has another manifest than was signed',
      ({ objects }) => {
        const text = Buffer.from(objects.get('backups/x/one/manifest.json') ?? []).toString();
        objects.set('backups/x/one/manifest.json', Buffer.from(text.replace('"items":', '"items": ')));
      },
    ],
  ])('is refused when a link %s', async (_, spoil) => {
    const archive = await made();
    spoil(archive);
    const entries = await catalogue(archive);
    expect(() => chainOf(entries, 'two')).toThrow(MissingLinkError);
    expect(() => chainOf(entries, 'one')).toThrow(MissingLinkError);
    expect(chainOf(entries, 'full')).toHaveLength(1);
  });

  it('is refused when its links do not join', async () => {
    const archive = await made();
    const entries = (await catalogue(archive)).filter(isCompleted).map((entry) =>
      entry.backupId === 'two'
        ? {
            ...entry,
            manifest: { ...entry.manifest, interval: { ...entry.manifest.interval, from: 'later' } },
          }
        : entry,
    );
    expect(() => chainOf(entries, 'two')).toThrow('does not begin where');
  });

  it('is refused when it is not known at all', async () => {
    expect(() => chainOf([], 'nothing')).toThrow(MissingLinkError);
  });

  it.each<[string, 'signature' | 'files', (archive: InMemoryArchive, key: string) => void, RegExp]>([
    ['a data file is missing', 'files', ({ objects }, key) => objects.delete(key), /is missing/],
    [
      'a data file was changed',
      'files',
      ({ objects }, key) => void objects.set(key, Buffer.from('changed')),
      /differs from its checksum/,
    ],
    [
      'a list of files was changed',
      'signature',
      ({ objects }) => void objects.set('backups/x/full/jobs/manifest-files.json', Buffer.from('')),
      /differs from what was signed/,
    ],
  ])('has faults when %s', async (_, level, spoil, fault) => {
    const archive = await made();
    const key = [...archive.objects.keys()].find((one) => one.includes('/jobs/data/')) ?? '';
    const chain = chainOf(await catalogue(archive), 'two');
    spoil(archive, key);
    const faults = await chainFaults(archive, chain, archive.publicKey, level);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });

  it('has faults when somebody else signed it', async () => {
    const archive = await made();
    const marker = archive.objects.get('backups/x/one/completed');
    const { signature } = await archive.sign('something else');
    const text = Buffer.from(marker ?? [])
      .toString()
      .replace(/"signature":"[^"]+"/, `"signature":"${signature}"`);
    archive.objects.set('backups/x/one/completed', Buffer.from(text));
    const chain = chainOf(await catalogue(archive), 'two');
    expect(await chainFaults(archive, chain, archive.publicKey, 'signature')).toEqual([
      'Backup one was not signed with the key of backups.',
    ]);
  });

  it('shows what lies in the catalogue and cannot be read', async () => {
    const archive = createInMemoryArchive();
    const body = Buffer.from('{}');
    const checksum = createHash('sha256').update(body).digest('base64');
    await archive.put('catalogue/20260301T020000.000Z-x-1.json', body, '', checksum);
    expect(await catalogue(archive)).toMatchObject([{ status: 'broken' }]);
  });
});
