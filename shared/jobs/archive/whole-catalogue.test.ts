import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { LiveTables } from '#test/fakes/live-tables.ts';
import { catalogueKey } from './archive-keys.ts';
import { chainOf, isCompleted } from './catalogue.ts';
import { sha256Of } from './put-object.ts';
import { isWhole, newestOf, wholeCatalogue } from './whole-catalogue.ts';

const DAY = 86_400;

/** A full backup, an increment and one more. @returns also when the last of them was asked for */
async function threeBackups() {
  const live = new LiveTables(5);
  live.fill('jobs', 5);
  live.fill('records', 5);
  await live.backUp('full', 'full');
  await live.change(10);
  await live.backUp('incremental', 'one');
  await live.change(10);
  await live.backUp('incremental', 'two');
  const { objects } = live.archive;
  const pointers = [...objects.keys()].filter((key) => key.startsWith('catalogue/')).sort();
  const found = await wholeCatalogue(live.archive, '2026-03-02T00:00:00.000Z');
  const [last] = found.entries.filter(isCompleted);
  const at = last?.manifest.started_at ?? '';
  const look = (days = 0, head?: string) =>
    wholeCatalogue(live.archive, addSeconds(at, days * DAY), { head, key: live.archive.publicKey });
  /** Takes a backup away, the entry and all that it has written. */
  const takeAway = (id: string) => {
    expire(id);
    for (const key of objects.keys()) if (new RegExp(`^catalogue/.*-${id}-1`).test(key)) objects.delete(key);
  };
  const expire = (id: string) => {
    for (const key of objects.keys()) if (key.startsWith(`backups/x/${id}/`)) objects.delete(key);
  };
  return { objects, pointers, look, expire, takeAway };
}

describe('the whole catalogue', () => {
  it('of backups that are all there is whole, and its newest is taken', async () => {
    const { look } = await threeBackups();
    const found = await look();
    expect([isWhole(found), newestOf(found), found.cut.size]).toEqual([true, 'two', 0]);
  });

  it.each(['full', 'one'])('without an entry for %s tells what is cut off by that', async (gone) => {
    const { look, objects, pointers } = await threeBackups();
    objects.delete(pointers[gone === 'full' ? 0 : 1] ?? '');
    const found = await look();
    expect(isWhole(found)).toBe(false);
    expect(found.cut.get('two')?.message).toBe(`Backup ${gone} is not in the catalogue.`);
    expect(found.unlisted).toEqual([`backups/x/${gone}`]);
  });

  it('without an entry for the newest takes no older one for it', async () => {
    const { look, objects, pointers } = await threeBackups();
    objects.delete(pointers[2] ?? '');
    const found = await look();
    expect(isWhole(found)).toBe(false);
    expect(() => newestOf(found)).toThrow('does not name the backup in backups/x/two');
  });

  it('tells of the newest that was taken away, entry and all, as long as the tables know of it', async () => {
    const { look, takeAway } = await threeBackups();
    expect(isWhole(await look(0, 'two'))).toBe(true);
    takeAway('two');
    // The bucket alone does not tell.
    expect(isWhole(await look())).toBe(true);
    const found = await look(0, 'two');
    expect([isWhole(found), found.missing]).toEqual([false, [{ backupId: 'two' }]]);
    expect(() => newestOf(found)).toThrow('The last backup, two, had ended well and is not there');
  });

  it('takes no older one for the newest when only its marker was taken away', async () => {
    const { look, objects } = await threeBackups();
    objects.delete('backups/x/two/completed');
    const found = await look(0, 'two');
    expect(found.missing).toEqual([{ backupId: 'two' }]);
    expect(() => newestOf(found)).toThrow('The last backup, two,');
  });

  it('tells of one between that nothing continues, by the signed manifest of the next', async () => {
    const { look, takeAway } = await threeBackups();
    takeAway('one');
    const found = await look(0, 'two');
    expect(found.missing).toEqual([{ backupId: 'one', namedBy: 'two' }]);
    expect(isWhole({ ...found, cut: new Map() })).toBe(false);
    // What is missing is older than the newest.
    expect(newestOf(found)).toBe('two');
    // After years the catalogue itself forgets.
    expect((await look(6 * 365, 'two')).missing).toEqual([]);
  });

  it('takes none for finished in which somebody has swapped a file, with every checksum up to the marker', async () => {
    const { look, objects } = await threeBackups();
    const at = 'backups/x/two';
    const swap = (key: string, change: (text: string) => string) => {
      const before = Buffer.from(objects.get(key) ?? []);
      const after = Buffer.from(change(before.toString()));
      objects.set(key, after);
      return (text: string) => text.replaceAll(sha256Of(before), sha256Of(after));
    };
    // A change is left out of the list, and all that vouches for the list is made to fit.
    const list = swap(`${at}/records/manifest-files.json`, () => '');
    const emptied = (text: string) => text.replace(/("table":"records","files":)\d+/, '$10');
    const manifest = swap(`${at}/manifest.json`, (text) => emptied(list(text)));
    swap(`${at}/completed`, manifest);
    const found = await look(0, 'two');
    expect(found.entries.map(({ backupId, status }) => [backupId, status])).toEqual([
      ['two', 'unsigned'],
      ['one', 'completed'],
      ['full', 'completed'],
    ]);
    expect([isWhole(found), found.missing]).toEqual([false, [{ backupId: 'two' }]]);
    expect(() => newestOf(found)).toThrow('The last backup, two,');
    expect(() => chainOf(found.entries, 'two')).toThrow('Backup two is unsigned.');
  });

  it('takes no old backup for the newest that somebody has entered under a later time', async () => {
    const { look, objects, pointers } = await threeBackups();
    const entry = objects.get(pointers[0] ?? '');
    objects.set('catalogue/20260420T010000.000Z-full-1.json', entry ?? Buffer.of());
    const found = await look(0, 'two');
    expect(found.entries.map(({ backupId, status }) => [backupId, status])).toEqual([
      ['full', 'broken'],
      ['two', 'completed'],
      ['one', 'completed'],
      ['full', 'completed'],
    ]);
    expect([isWhole(found), newestOf(found), found.cut.size]).toEqual([false, 'two', 0]);
  });

  it('with an unfinished link is not whole', async () => {
    const { look, objects } = await threeBackups();
    objects.delete('backups/x/one/completed');
    const found = await look();
    expect([isWhole(found), found.cut.get('two')?.message]).toEqual([false, 'Backup one is unfinished.']);
  });

  it('goes on being whole when backups have expired, and tells which increments went with them', async () => {
    const { look, expire } = await threeBackups();
    expire('full');
    const found = await look(36);
    expect(isWhole(found)).toBe(true);
    expect(found.entries.map(({ status }) => status)).toEqual(['completed', 'completed', 'expired']);
    expect(found.cut.get('two')?.message).toBe('Backup full is expired.');
    for (const id of ['one', 'two']) expire(id);
    const later = await look(36);
    expect(isWhole(later)).toBe(true);
    expect(() => newestOf(later)).toThrow('no finished backup');
  });

  it('takes what is gone too early for no expired one, nor what is kept for years', async () => {
    const { look, expire, objects } = await threeBackups();
    const pointer = Buffer.from(JSON.stringify({ backup_id: 'old', prefix: 'monthly/2026-01/old' }));
    objects.set(catalogueKey('2026-01-04T03:40:00.000Z', 'old', 1), pointer);
    expire('full');
    const found = await look(34);
    expect(isWhole(found)).toBe(false);
    const gone = found.entries.filter((entry) => !isCompleted(entry));
    expect(gone.map(({ backupId, status }) => [backupId, status])).toEqual([
      ['full', 'unfinished'],
      ['old', 'unfinished'],
    ]);
  });
});
