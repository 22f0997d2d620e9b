import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { createInMemoryExports } from '#test/fakes/in-memory-exports.ts';
import { addSeconds, secondsBetween } from '../../lifecycle/instant.ts';
import { readSegmentResult } from '../archive/segment.ts';
import { backupExportFiles } from '../backup-export-files/index.ts';
import type { ArchivedObject, ChildJob, ChildOutcome, Done, JsonObject } from '../ports.ts';
import { backupExport } from './index.ts';

const CREATED = '2026-03-01T02:00:00.400Z';
const ORDER = { prefix: 'backups/daily/01JOB', table: 'records' };
const GB = 1024 ** 3;

/** Runs the kinds as the engine does: each waiting job again when its children have ended. */
class ExportWorld {
  readonly bench = new KindBench(CREATED);
  readonly archive = createInMemoryArchive({ jobs: [], records: [] });
  readonly exports;
  /** Every child that was waited for. */
  readonly children: ChildJob[] = [];
  /** Sizes as the bucket tells them; the real ones unless a test says otherwise. */
  sizeOf: (object: ArchivedObject) => number = ({ bytes }) => bytes;
  /** Looks after which DynamoDB has ended the export. */
  endsAfter = 2;
  failure: string | undefined;

  constructor(items: number, filesPerExport = 3) {
    const lines = Array.from({ length: items }, (_, index) => `{"Item":{"pk":{"S":"${index}"}}}`);
    const { objects } = this.archive;
    const now = () => this.bench.now;
    this.exports = createInMemoryExports({ objects, linesOf: () => lines, now, filesPerExport });
  }

  async run(payload: JsonObject = ORDER, kind = 'backup-export', id = 'root'): Promise<Done> {
    const of = kind === 'backup-export' ? backupExport : backupExportFiles;
    let children: ChildOutcome[] = [];
    for (let round = 0; ; round += 1) {
      const { payload: _, ...job } = this.bench.job(payload, { jobId: id, round, children });
      const done = await of.open(payload).process(job, this.#world());
      if (done.end !== 'waiting') return done;
      this.children.push(...done.children);
      children = [];
      for (const child of done.children) children.push(await this.#child(child, id));
    }
  }

  async #child({ key, kind, payload, dueAt }: ChildJob, parent: string): Promise<ChildOutcome> {
    if (dueAt !== undefined) this.bench.now = dueAt;
    if (key.startsWith('look#') && Number(key.slice(5)) > this.endsAfter) this.exports.end(this.failure);
    const done = await this.run(payload, kind, `${parent}/${key}`);
    if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
    return { jobId: key, key, status: 'succeeded', result: done.result };
  }

  #world() {
    const { archive, exports, sizeOf } = this;
    const list = async function* (prefix: string) {
      for await (const page of archive.list(prefix))
        yield page.map((object) => ({ ...object, bytes: sizeOf(object) }));
    };
    return this.bench.world({ archive: { ...archive, list }, exports });
  }
}

const resultOf = (done: Done) => readSegmentResult('result' in done ? done.result : undefined);

describe('an export of a table', () => {
  it('is waited for without running, and hands back each file with what it is', async () => {
    const world = new ExportWorld(10);
    const result = resultOf(await world.run());
    expect(world.children.map(({ key }) => key)).toEqual(['look#1', 'look#2', 'look#3', 'files']);
    expect(result).toMatchObject({
      table: 'records',
      segment: 0,
      of: 1,
      items: 10,
      // DynamoDB tells whole seconds: what was written in that second may be in it.
      ended_at: '2026-03-01T02:00:01.000Z',
      export_folder: 'backups/daily/01JOB/records/AWSDynamoDB/01693685827460-2d8752fd/',
    });
    expect(result.files).toHaveLength(5);
    for (const { key, sha256, bytes } of result.files) {
      const body = world.archive.objects.get(key) ?? Buffer.from('missing');
      expect([sha256, bytes]).toEqual([createHash('sha256').update(body).digest('hex'), body.byteLength]);
    }
  });

  it('is looked at less and less often, and given up after two days', async () => {
    const world = new ExportWorld(1);
    world.endsAfter = Number.POSITIVE_INFINITY;
    await expect(world.run()).rejects.toMatchObject({ code: 'export_too_slow' });
    const between = world.children.map(({ dueAt = '' }, index) =>
      Math.round(secondsBetween(world.children[index - 1]?.dueAt ?? CREATED, dueAt)),
    );
    expect(between.slice(0, 6)).toEqual([60, 120, 240, 480, 900, 900]);
    // Never so far ahead that the job would not lie in the queue.
    expect(Math.max(...between)).toBe(900);
    expect(world.bench.now > addSeconds(CREATED, 2 * 86_400)).toBe(true);
  });

  it('is asked for once, however often it is begun', async () => {
    const world = new ExportWorld(3);
    for (let times = 0; times < 2; times += 1) {
      const { payload: _, ...job } = world.bench.job(ORDER, { jobId: 'root' });
      const world_ = world.bench.world({ archive: world.archive, exports: world.exports });
      const done = await backupExport.open(ORDER).process(job, world_);
      expect(done).toMatchObject({ end: 'waiting', children: [{ payload: { look: { number: 1 } } }] });
    }
    expect([...world.archive.objects.keys()].filter((key) => key.endsWith('_started'))).toHaveLength(1);
  });

  it('of any size is taken in by shares, which split again', async () => {
    const world = new ExportWorld(400, 198);
    world.sizeOf = () => GB;
    const result = resultOf(await world.run());
    expect([result.items, result.files.length]).toEqual([400, 200]);
    expect(new Set(result.files.map(({ key }) => key)).size).toBe(200);
    const orders = world.children.filter(({ key }) => key.startsWith('share#'));
    // 24 of eight or nine files, each of which splits into three.
    expect(orders).toHaveLength(24 + 24 * 3);
    for (const { payload } of orders.slice(-3))
      expect(Number(payload['until']) - Number(payload['from'])).toBeLessThanOrEqual(3);
  });

  it('is refused without the right to export', async () => {
    const { payload: _, ...job } = new KindBench(CREATED).job(ORDER);
    const world = new KindBench(CREATED).world();
    await expect(backupExport.open(ORDER).process(job, world)).rejects.toMatchObject({ code: 'no_exports' });
  });

  it.each<[string, string, (world: ExportWorld, file: string, list: string) => void]>([
    ['DynamoDB could not end it', 'export_failed', (world) => void Object.assign(world, { failure: 'x' })],
    ['a file is missing', 'export_incomplete', ({ archive }, file) => archive.objects.delete(file)],
    ['a file was changed', 'export_changed', ({ archive }, file) => archive.objects.set(file, Buffer.of(1))],
    ['its list is missing', 'export_unreadable', ({ archive }, _, list) => archive.objects.delete(list)],
    [
      'its list cannot be read',
      'export_unreadable',
      ({ archive }, _, list) => archive.objects.set(list, Buffer.from('{}\n')),
    ],
    [
      'its list names fewer items than it tells of',
      'export_incomplete',
      ({ archive }, _, list) => {
        const [first] = Buffer.from(archive.objects.get(list) ?? [])
          .toString()
          .split('\n');
        archive.objects.set(list, Buffer.from(`${first}\n`));
      },
    ],
  ])('fails for good when %s', async (_, code, spoil) => {
    const world = new ExportWorld(10);
    const { end } = world.exports;
    const folder = 'backups/daily/01JOB/records/AWSDynamoDB/01693685827460-2d8752fd';
    if (code === 'export_failed') spoil(world, '', '');
    world.exports.end = (failure) => {
      end(failure);
      const file = [...world.archive.objects.keys()].find((key) => key.startsWith(`${folder}/data/`)) ?? '';
      spoil(world, file, `${folder}/manifest-files.json`);
    };
    await expect(world.run()).rejects.toMatchObject({ name: 'PermanentError', code });
  });

  it('fails for good when a look or a share did', async () => {
    for (const key of ['look#1', 'files']) {
      const bench = new KindBench(CREATED);
      const exports = new ExportWorld(1).exports;
      const children = [{ jobId: key, key, status: 'failed' }];
      const { payload: _, ...job } = bench.job(ORDER, { round: 1, children });
      await expect(
        backupExport
          .open(ORDER)
          .process(job, bench.world({ archive: createInMemoryArchive({ records: [] }), exports })),
      ).rejects.toMatchObject({ code: 'export_failed' });
      const files = { table: 'records', folder: 'x/', exported_at: CREATED, from: 0, until: 1 };
      await expect(backupExportFiles.open(files).process(job, bench.world())).rejects.toMatchObject({
        code: 'export_failed',
      });
    }
  });
});
