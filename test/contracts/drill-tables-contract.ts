import { describe, expect, test } from 'vitest';
import type { DrillTables, ItemKey, JsonItem } from '#shared/jobs/ports.ts';

/** More than one page of the fake, and than one batch of DynamoDB. */
const MANY = 600;

const keysOf = (index: number): JsonItem => ({ pk: { S: `ITEM#${index}` }, sk: { S: 'ROW' } });
const imageOf = (index: number): JsonItem => ({ ...keysOf(index), body: { B: 'b25l' }, n: { N: '1' } });

async function pages(tables: DrillTables, table: string): Promise<readonly JsonItem[]> {
  const items: JsonItem[] = [];
  let after: ItemKey | undefined;
  do {
    const page = await tables.page(table, after);
    items.push(...page.items);
    after = page.next;
  } while (after);
  return items.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

/** What every DrillTables promises. @param make tables in which nothing stands */
export function drillTablesContract(name: string, make: () => Promise<DrillTables>): void {
  describe(`${name}: tables of drills`, () => {
    test('hold what was written, and nothing else shows', async () => {
      const tables = await make();
      expect(tables.names).toEqual(['jobs', 'records']);
      expect(await tables.page('jobs')).toEqual({ items: [] });
      await tables.write(
        'jobs',
        Array.from({ length: MANY }, (_, index) => ({ keys: keysOf(index), image: imageOf(index) })),
      );
      const all = await pages(tables, 'jobs');
      expect(new Set(all.map((item) => JSON.stringify(item['pk']))).size).toBe(MANY);
      expect(all[0]).toEqual(imageOf(0));
      expect(await pages(tables, 'records')).toEqual([]);
      const found = await tables.read('jobs', [keysOf(7), keysOf(MANY + 1), keysOf(8)]);
      expect(found.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
        imageOf(7),
        imageOf(8),
      ]);
      await tables.write(
        'jobs',
        all.map((item) => ({ keys: { pk: item['pk'], sk: item['sk'] } })),
      );
      expect(await tables.page('jobs')).toEqual({ items: [] });
    });
  });
}
