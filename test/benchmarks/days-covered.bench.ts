/**
 * Measures the proportion of days covered of many people through the real reader, its pages and its cipher:
 * `node --expose-gc test/benchmarks/days-covered.bench.ts [people] [days]`. Prints seconds, memory and reads; no test depends on them. The table is
 * in memory and makes its pages while they are asked for, as large as DynamoDB's; the time for that is taken off.
 */
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createEventReader } from '#shared/adapters/event-reader.ts';
import { createFieldCipher } from '#shared/adapters/field-cipher.ts';
import { fillPartition } from '#shared/adapters/item-keys.ts';
import { fillPlace } from '#shared/adapters/parse-events.ts';
import { adherenceNumbers } from '#shared/jobs/analytics-roll-up/adherence-numbers.ts';
import { SYSTEM_OWNER } from '#shared/jobs/ports.ts';
import { createFakeHashes } from '#test/fakes/quiet.ts';

const [people = 200_000, days = 366] = process.argv.slice(2).map(Number);
const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2026, 0, 1);
const SHARDS = 8;
/** Fills of one therapy follow each other after so many days; everybody has two therapies. */
const EVERY = 28;
const THERAPIES = 2;
/** DynamoDB ends a page at 1 MB. */
const PAGE_BYTES = 1_000_000;

const key = new Uint8Array(32).fill(7);
const clock = () => '2027-01-10T00:00:00.000Z';
const cipher = createFieldCipher({
  keys: {
    dayKeyForSealing: async () => key,
    dayKeyForOpening: async () => key,
    hashKey: async () => key,
    auditKey: async () => key,
    auditKeys: async () => [],
    wanted: () => undefined,
    offer: () => undefined,
  },
  secrets: {
    secretForSealing: async () => key,
    secretForOpening: async () => key,
    wanted: () => undefined,
    offer: () => undefined,
  },
  clock,
});
const refs = createFakeHashes();

const reads = { queries: 0, pages: 0, items: 0 };
let highestMb = 0;
const watch = (): void => {
  highestMb = Math.max(highestMb, process.memoryUsage().rss / 2 ** 20);
};

async function itemOf(pk: string, date: string, therapy: number): Promise<Record<string, AttributeValue>> {
  const sk = String(therapy).padStart(22, '0');
  const user = `u${Math.floor(therapy / THERAPIES)}`;
  const body = {
    userRef: refs.user(user),
    medicationRef: refs.medication(user, `m${therapy % THERAPIES}`),
    daysSupply: 28,
    recordedAt: `${date}T12:00:00.000Z`,
  };
  const sealed = await cipher.seal(fillPlace({ pk, sk }), SYSTEM_OWNER, body);
  return marshall({ pk, sk, body: sealed, v: 1, ttl: 1_900_000_000 });
}

const sizeOf = (item: Record<string, AttributeValue>): number =>
  Object.entries(item).reduce(
    (sum, [name, { S, N, B }]) => sum + name.length + (S ?? N ?? B ?? '').length,
    0,
  );

/** What a query of one date and shard finds: every shard's share of the therapies that are filled that day. */
async function page(input: {
  ExpressionAttributeValues: Record<string, { S: string }>;
  ExclusiveStartKey?: { at: { N: string } };
}) {
  const pk = input.ExpressionAttributeValues[':partition']?.S ?? '';
  const [, date = '', shard = '0'] = pk.split('#');
  if (pk !== fillPartition(date, Number(shard))) throw new Error(`Nobody asked for ${pk}.`);
  const day = Math.round((Date.parse(date) - FIRST) / DAY_MS);
  const Items: Record<string, AttributeValue>[] = [];
  let bytes = 0;
  const first = day % EVERY;
  let at = Number(input.ExclusiveStartKey?.at.N ?? 0);
  for (; bytes < PAGE_BYTES; at += 1) {
    const therapy = first + EVERY * (Number(shard) + SHARDS * at);
    if (therapy >= people * THERAPIES) break;
    const item = await itemOf(pk, date, therapy);
    Items.push(item);
    bytes += sizeOf(item);
  }
  if (!input.ExclusiveStartKey) reads.queries += 1;
  reads.pages += 1;
  reads.items += Items.length;
  watch();
  const more = first + EVERY * (Number(shard) + SHARDS * at) < people * THERAPIES;
  return { Items, ...(more && { LastEvaluatedKey: { at: { N: String(at) } } }) };
}

// The reader sends queries only.
const client = {
  send: ({ input }: { input: Parameters<typeof page>[0] }) => page(input),
} as unknown as DynamoDBClient;
const events = createEventReader({ client, table: 'jobs', outcomeShards: SHARDS, cipher, clock });

/** Processor time of everything in this process while `work` runs; nothing here waits for anything else. */
async function cpuSeconds<T>(work: () => Promise<T>): Promise<[number, T]> {
  globalThis.gc?.();
  highestMb = 0;
  const cpu = process.cpuUsage();
  const done = await work();
  const used = process.cpuUsage(cpu);
  return [(used.user + used.system) / 1e6, done];
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
const before = process.memoryUsage().rss / 2 ** 20;
// What the table costs by itself: its pages are made, and nobody opens them.
const [making] = await cpuSeconds(async () => {
  for (let day = 0; day < days; day += 1)
    for (let shard = 0; shard < SHARDS; shard += 1) {
      const date = new Date(FIRST + day * DAY_MS).toISOString().slice(0, 10);
      const input = { ExpressionAttributeValues: { ':partition': { S: fillPartition(date, shard) } } };
      for (let start: { at: { N: string } } | undefined, more = true; more; ) {
        const { LastEvaluatedKey: next } = await page({
          ...input,
          ...(start && { ExclusiveStartKey: start }),
        });
        [start, more] = [next, next !== undefined];
      }
    }
});
Object.assign(reads, { queries: 0, pages: 0, items: 0 });
const [all, { numbers }] = await cpuSeconds(() =>
  adherenceNumbers({ events, now: clock }, { startMs: FIRST, endMs: FIRST + days * DAY_MS }, 'Etc/UTC', {
    family: 'adherence',
    related: [],
    near: [],
    head: undefined,
    same: undefined,
  }),
);
console.log(
  JSON.stringify(
    {
      people,
      days,
      reads,
      cpu_seconds: rounded(all - making),
      microseconds_per_fill: rounded(((all - making) / reads.items) * 1e6),
      rss_mb: { before: Math.round(before), highest: Math.round(highestMb) },
      numbers,
    },
    null,
    2,
  ),
);
