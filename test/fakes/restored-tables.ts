import type { RestoreTarget } from '#shared/jobs/ports.ts';

/** Empty tables to restore into. */
export function restoredTables(): RestoreTarget & { readonly tables: Map<string, Map<string, string>> } {
  const tables = new Map<string, Map<string, string>>();
  const of = (table: string) => {
    const items = tables.get(table) ?? new Map<string, string>();
    tables.set(table, items);
    return items;
  };
  return {
    tables,
    write: async (table, states) => {
      const items = of(table);
      for (const { keys, image } of states) {
        const { pk, sk } = Object(keys);
        const key = `${pk.S}/${sk.S}`;
        if (image) items.set(key, JSON.stringify(image));
        else items.delete(key);
      }
    },
    async *scan(table) {
      yield [...of(table).values()].map((text) => JSON.parse(text));
    },
  };
}
