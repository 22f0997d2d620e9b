import { describe, expect, it } from 'vitest';
import type { InMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { LiveTables } from '#test/fakes/live-tables.ts';
import { restoredTables } from '#test/fakes/restored-tables.ts';
import type { RestoreTarget } from '../ports.ts';
import { chainOf, newestFirst } from './catalogue.ts';
import { type RestoreDeps, restoreAndCompare } from './restore.ts';
import { planRestore } from './restore-plan.ts';

const depsOf = (archive: InMemoryArchive): RestoreDeps => ({
  archive,
  keyNames: ['pk', 'sk'],
  admit: async (_, item) => item,
});

async function catalogue(archive: InMemoryArchive) {
  const entries = [];
  for await (const entry of newestFirst(archive)) entries.push(entry);
  return entries;
}

describe('a restore', () => {
  it('that broke off anywhere comes to the same when it is begun again', async () => {
    const live = new LiveTables(9);
    live.fill('jobs', 50);
    live.fill('records', 1_300);
    await live.backUp('full', 'full', () => live.change(30));
    await live.change(1_900);
    await live.backUp('incremental', 'last');
    const chain = chainOf(await catalogue(live.archive), 'last');
    const plans = await planRestore(live.archive, chain);
    let pages = 0;
    const whole = restoredTables();
    const counting: RestoreTarget = {
      scan: whole.scan,
      write: (table, states) => {
        pages += 1;
        return whole.write(table, states);
      },
    };
    await restoreAndCompare(depsOf(live.archive), plans, counting);
    expect(pages).toBeGreaterThan(2);
    for (let broken = 0; broken < pages; broken += 1) {
      const target = restoredTables();
      let written = 0;
      const breaking: RestoreTarget = {
        scan: target.scan,
        write: async (table, states) => {
          written += 1;
          // Half of its last page is written.
          await target.write(table, written > broken ? states.slice(0, states.length / 2) : states);
          if (written > broken) throw new Error('killed');
        },
      };
      await expect(restoreAndCompare(depsOf(live.archive), plans, breaking)).rejects.toThrow('killed');
      const again = await restoreAndCompare(depsOf(live.archive), plans, target);
      expect(again.map(({ expected, found }) => expected === found)).toEqual([true, true]);
      expect(target.tables).toEqual(whole.tables);
    }
  }, 60_000);

  it('into tables in which something stands that it does not hold says that they differ', async () => {
    const live = new LiveTables(10);
    live.fill('jobs', 10);
    live.fill('records', 10);
    await live.backUp('full', 'full');
    const plans = await planRestore(live.archive, chainOf(await catalogue(live.archive), 'full'));
    const target = restoredTables();
    const stranger = { pk: { S: 'stranger' }, sk: { S: 'x' } };
    await target.write('records', [{ keys: stranger, image: stranger }]);
    const restored = await restoreAndCompare(depsOf(live.archive), plans, target);
    expect(restored.map(({ table, expected, found }) => [table, expected === found])).toEqual([
      ['jobs', true],
      ['records', false],
    ]);
  });
});
