import { drillStep } from '#shared/jobs/archive/drill-step.ts';
import type { DrillTables, JsonItem, RestoreDrill } from '#shared/jobs/ports.ts';
import type { Clock } from '#shared/lifecycle/instant.ts';
import type { InMemoryArchive } from './in-memory-archive.ts';
import { restoredTables } from './restored-tables.ts';

const NAMES = ['jobs', 'records'];
/** Items of one page. */
const PAGE = 250;

export type InMemoryDrillTables = DrillTables & {
  readonly tables: Map<string, Map<string, string>>;
};

/** Tables of drills, in which nothing stands. */
export function createInMemoryDrillTables(): InMemoryDrillTables {
  const { tables, write } = restoredTables();
  const keyOf = (key: JsonItem): string => `${Object(key['pk']).S}/${Object(key['sk']).S}`;
  const itemsOf = (table: string) => tables.get(table) ?? new Map<string, string>();
  return {
    tables,
    names: NAMES,
    write,
    read: async (table, keys) =>
      keys.flatMap((key) => {
        const item = itemsOf(table).get(keyOf(key));
        return item === undefined ? [] : [JSON.parse(item)];
      }),
    page: async (table, after) => {
      const keys = [...itemsOf(table).keys()].sort();
      const from = after === undefined ? 0 : keys.indexOf(`${after.pk}/${after.sk}`) + 1;
      const items = keys.slice(from, from + PAGE).map((key) => JSON.parse(itemsOf(table).get(key) ?? ''));
      const { pk, sk } = Object(items.at(-1));
      return { items, ...(from + PAGE < keys.length && { next: { pk: pk.S, sk: sk.S } }) };
    },
  };
}

/** A drill within the process. @param steps how often one call goes on before it hands back how far it came */
export const createInMemoryDrill = (
  archive: InMemoryArchive,
  clock: Clock,
  tables: DrillTables = createInMemoryDrillTables(),
  steps = Number.POSITIVE_INFINITY,
): RestoreDrill => ({
  step: (run) => {
    let left = steps;
    const mayGoOn = () => {
      left -= 1;
      return left > 0;
    };
    const publicKey = async () => archive.publicKey;
    return drillStep({ archive, tables, clock, mayGoOn, publicKey, keyNames: ['pk', 'sk'] }, run);
  },
});
