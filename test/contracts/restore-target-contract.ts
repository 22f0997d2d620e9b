import { describe, expect, test } from 'vitest';
import type { ItemState, JsonItem, RestoreTarget } from '#shared/jobs/ports.ts';

/** More than one batch of DynamoDB holds. */
const MANY = 60;

const keysOf = (index: number): JsonItem => ({ pk: { S: `ITEM#${index}` }, sk: { S: 'ROW' } });
const stateOf = (index: number, text: string): ItemState => ({
  keys: keysOf(index),
  image: {
    ...keysOf(index),
    body: { B: Buffer.from(text).toString('base64') },
    parts: { L: [{ N: String(index) }, { BOOL: true }, { M: { text: { S: text } } }] },
  },
});

async function standing(target: RestoreTarget, table: string): Promise<unknown[]> {
  const items: JsonItem[] = [];
  for await (const page of target.scan(table)) items.push(...page);
  return items.toSorted((a, b) => JSON.stringify(a['pk']).localeCompare(JSON.stringify(b['pk'])));
}

/** What every RestoreTarget promises. @param make over tables in which nothing stands */
export function restoreTargetContract(name: string, make: () => Promise<RestoreTarget>): void {
  describe(`${name}: what is restored into`, () => {
    test('holds the last state of each item, byte by byte, and nothing that was deleted', async () => {
      const target = await make();
      const first = Array.from({ length: MANY }, (_, index) => stateOf(index, 'first'));
      await target.write('jobs', first);
      await target.write('jobs', [stateOf(7, 'second'), { keys: keysOf(8) }, { keys: keysOf(MANY + 1) }]);

      const expected = first
        .filter((_, index) => index !== 8)
        .map(({ image }, index) => (index === 7 ? stateOf(7, 'second').image : image))
        .toSorted((a, b) => JSON.stringify(a?.['pk']).localeCompare(JSON.stringify(b?.['pk'])));
      expect(await standing(target, 'jobs')).toEqual(expected);
      expect(await standing(target, 'records')).toEqual([]);
    });
  });
}
