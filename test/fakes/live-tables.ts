import { crc32 } from 'node:zlib';
import type { BackupType } from '#shared/jobs/archive/backup-manifest.ts';
import type { Change } from '#shared/jobs/archive/change-line.ts';
import { keepChanges } from '#shared/jobs/archive/keep-changes.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import {
  type ChildOutcome,
  type Done,
  type ItemState,
  type JobView,
  type JsonItem,
  type JsonObject,
  RESULTS_TABLE,
} from '#shared/jobs/ports.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { KindBench } from '#test/builders/kind-bench.ts';
import { createInMemoryArchive, type InMemoryArchive } from './in-memory-archive.ts';
import { createInMemoryExports, type InMemoryExports } from './in-memory-exports.ts';

const KINDS = kindsByName();
const TABLES = ['jobs', 'records'] as const;
const START = '2026-03-01T00:00:00.000Z';
/** Changes that a stream hands over at a time. */
const BATCH = 100;
/** Items on one page of a scan. */
const PAGE = 500;

const keysOf = (key: string): JsonItem => ({ pk: { S: key.split('/')[0] }, sk: { S: key.split('/')[1] } });
const itemOf = (key: string, value: string): JsonItem => ({
  ...keysOf(key),
  body: { B: Buffer.from(value).toString('base64') },
  state: { S: value },
});
const textOf = (item: JsonItem): string => JSON.stringify(item);

/** Tables that change by themselves while they are backed up by the real kinds, with streams that fill the real change log. */
export class LiveTables {
  readonly tables = new Map<string, Map<string, string>>(TABLES.map((table) => [table, new Map()]));
  readonly archive: InMemoryArchive;
  readonly #bench = new KindBench(START);
  readonly #pending: { readonly table: string; readonly change: Change }[] = [];
  readonly #standing = new Map<string, Map<string, Map<string, string>>>();
  readonly #during = new Map<string, number>();
  #seed: number;
  #sequence = 100_000;
  deletions = 0;
  /** A batch that was written, and handed over again all the same. */
  writesTwice = false;

  /** Of full backups made by DynamoDB's own export; absent: by our own scan. */
  readonly #exports: InMemoryExports | undefined;

  /** @param results large ones, as items; absent: the backups know of none */
  constructor(seed: number, engine: 'scan' | 'export' = 'scan', results?: readonly JsonItem[]) {
    this.#seed = seed;
    this.archive = createInMemoryArchive({ jobs: [], records: [], ...(results && { [RESULTS_TABLE]: [] }) });
    if (results)
      this.tables.set(RESULTS_TABLE, new Map(results.map((item, index) => [String(index), textOf(item)])));
    const linesOf = (table: string) => [...this.#of(table).values()].map((item) => `{"Item":${item}}`);
    this.#exports =
      engine === 'export'
        ? createInMemoryExports({ objects: this.archive.objects, linesOf, now: () => this.#bench.now })
        : undefined;
  }

  fill(table: string, count: number): void {
    for (let index = 0; index < count; index += 1)
      this.#of(table).set(`ITEM#${index}/ROW`, textOf(itemOf(`ITEM#${index}/ROW`, 'first')));
  }

  put(table: string, key: string, value: string): void {
    const image = itemOf(key, value);
    this.#of(table).set(key, textOf(image));
    this.#tell(table, { keys: keysOf(key), image });
  }

  /** So many changes: items are made, overwritten several times, deleted, and made again. */
  async change(count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) {
      const table = TABLES[this.#random(2)] ?? 'jobs';
      const key = `ITEM#${this.#random(Math.max(10, Math.round(this.#of(table).size * 1.1)))}/ROW`;
      if (this.#random(4) === 0) {
        this.deletions += Number(this.#of(table).delete(key));
        this.#tell(table, { keys: keysOf(key) });
      } else this.put(table, key, `change ${this.#sequence}`);
    }
    await this.settle();
  }

  /** The streams hand over what they hold, some in the middle of a batch. */
  async settle(): Promise<void> {
    for (const table of TABLES) {
      const changes = this.#pending.filter((one) => one.table === table).map(({ change }) => change);
      for (let at = 0; at < changes.length; at += BATCH)
        for (let times = this.writesTwice ? 2 : 1; times > 0; times -= 1) {
          this.#bench.now = addSeconds(this.#bench.now, 1);
          await keepChanges(
            { archive: this.archive, clock: () => this.#bench.now },
            table,
            changes.slice(at, at + BATCH),
          );
        }
    }
    this.#pending.length = 0;
  }

  /** One backup by the real kinds, with its segments. @param during runs after each page of their scans */
  async backUp(
    type: BackupType,
    jobId: string,
    during: () => Promise<void> = async () => {},
    askedAt?: string,
  ): Promise<void> {
    await this.settle();
    // All that was written has settled when the backup is asked for; what follows is not in an increment.
    this.#bench.now = addSeconds(this.#bench.now, 600);
    const payload = { backup_type: type, storage_config: { type: 's3', path: 'x' } };
    const set = { jobId, createdAt: askedAt ?? this.#bench.now };
    this.#standing.set(jobId, new Map([...this.tables].map(([table, items]) => [table, new Map(items)])));
    const before = this.#sequence;
    await this.#carryOut('backup', payload, set, during);
    this.#during.set(jobId, this.#sequence - before);
  }

  /** A job with all that it waits for, as the engine does it. */
  async #carryOut(
    name: string,
    payload: JsonObject,
    set: Partial<JobView<never>>,
    during: () => Promise<void>,
  ): Promise<Done> {
    const kind = KINDS.get(name);
    if (!kind) throw new Error(`There is no kind ${name}.`);
    let children: ChildOutcome[] = [];
    for (let round = 0; ; round += 1) {
      const done = await this.#run(kind, payload, { ...set, round, children }, during);
      if (done.end !== 'waiting') return done;
      children = [];
      for (const { key, kind: child, payload: order } of done.children) {
        if (key.startsWith('look#')) {
          // Time goes by, and tables change, while DynamoDB works.
          await during();
          if (key !== 'look#1') this.#exports?.end();
        }
        const ended = await this.#carryOut(child, order, { jobId: `${set.jobId}/${key}` }, during);
        if (ended.end !== 'succeeded') throw new Error(`A child ended ${ended.end}.`);
        children.push({ jobId: key, key, status: 'succeeded', result: ended.result });
      }
    }
  }

  /** What stood when that backup was asked for. */
  asOf(jobId: string, table: string): ReadonlyMap<string, string> {
    return this.#standing.get(jobId)?.get(table) ?? new Map();
  }

  changesDuring(jobId: string): number {
    return this.#during.get(jobId) ?? 0;
  }

  async #run(
    kind: JobKind,
    payload: JsonObject,
    set: Partial<JobView<never>>,
    during: () => Promise<void>,
  ): Promise<Done> {
    const tables = this.tables;
    const { archive } = this;
    const scan = async function* (table: string, segment: number, of: number) {
      const keys = [...(tables.get(table)?.keys() ?? [])].filter((key) => crc32(key) % of === segment);
      for (let at = 0; at < keys.length; at += PAGE) {
        // Of an item that has gone meanwhile a scan shows nothing, of one that has changed what stands now.
        const items = keys.slice(at, at + PAGE).flatMap((key) => tables.get(table)?.get(key) ?? []);
        yield items.map((item) => `{"Item":${item}}`);
        await during();
      }
    };
    const { payload: _, ...job } = this.#bench.job(payload, set);
    const world = this.#bench.world({
      archive: { ...archive, scan },
      ...(this.#exports && { exports: this.#exports }),
    });
    return this.#bench.commit(await kind.open(payload).process(job, world));
  }

  #tell(table: string, state: ItemState): void {
    this.#sequence += 1;
    this.#pending.push({ table, change: { ...state, sequence: String(this.#sequence), at: this.#sequence } });
  }

  #of(table: string): Map<string, string> {
    return this.tables.get(table) ?? new Map();
  }

  /** Park and Miller's generator: the same seed makes the same changes. */
  #random(below: number): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed % below;
  }
}
