import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PermanentError, RetryableError } from '../../errors/attempt-error.ts';
import { partKey } from '../archive/archive-keys.ts';
import type { ChildJob, ChildOutcome, Done, JobView, JsonObject, RecordWrite, World } from '../ports.ts';
import { process } from './process.ts';
import type { BackupPayload } from './schema.ts';

const JOB_ID = '01KAZ3V8M0ABCDEFGHJKMNPQRS';
const CREATED = '2026-03-01T02:00:00.000Z';
const PREFIX = `daily/${JOB_ID}`;

const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

/** A bucket in memory that checks what it is given, and a list of intents. */
class BackupWorld {
  readonly objects = new Map<string, Buffer>();
  readonly order: string[] = [];
  readonly intents: RecordWrite[] = [];
  readonly tables: readonly string[];
  refuses: (key: string) => boolean = () => false;

  constructor(tables: readonly string[] = ['jobs', 'records']) {
    this.tables = tables;
  }

  async put(key: string, body: Uint8Array, _: string, sha256Base64: string): Promise<void> {
    if (this.refuses(key)) throw new RetryableError('dependency_unavailable', 'The bucket is away.');
    expect(createHash('sha256').update(body).digest('base64')).toBe(sha256Base64);
    this.order.push(key);
    this.objects.set(key, Buffer.from(body));
  }

  async run(round: number, children: readonly ChildOutcome[] = [], generation = 1): Promise<Done> {
    const world = {
      archive: { tables: this.tables, put: this.put.bind(this) },
      recordIntent: async (writes: readonly RecordWrite[]) => void this.intents.push(...writes),
    } as unknown as World; // A test world: the kind may use no other part of it.
    const payload: BackupPayload = { backup_type: 'full', storage_config: { type: 's3', path: 'daily' } };
    const job = { jobId: JOB_ID, payload, round, generation, children, createdAt: CREATED };
    return process(job as unknown as JobView<BackupPayload>, world);
  }

  /** Does what a segment does with one order, one small file each. */
  async finish({ key, payload }: ChildJob): Promise<ChildOutcome> {
    const { prefix, table, segment, of } = payload as {
      prefix: string;
      table: string;
      segment: number;
      of: number;
    };
    const body = Buffer.from(`${table} ${segment}`);
    const fileKey = partKey(prefix, table, segment, 0);
    await this.put(fileKey, body, 'application/gzip', createHash('sha256').update(body).digest('base64'));
    const md5 = createHash('md5').update(body).digest('base64');
    const file = { key: fileKey, items: segment + 1, bytes: body.length, sha256: sha256(body), md5 };
    const ended_at = `2026-03-01T02:0${segment}:00.000Z`;
    const result = { table, segment, of, items: segment + 1, files: [file], ended_at };
    return { jobId: `child-${key}`, key, status: 'succeeded', result };
  }

  async split(generation = 1): Promise<readonly ChildJob[]> {
    const done = await this.run(0, [], generation);
    if (done.end !== 'waiting') throw new Error(`It ended ${done.end}.`);
    return done.children;
  }

  async segments(): Promise<ChildOutcome[]> {
    return Promise.all((await this.split()).map((child) => this.finish(child)));
  }

  json(key: string): JsonObject {
    return JSON.parse(this.objects.get(key)?.toString() ?? 'null');
  }
}

describe('the first round', () => {
  it('splits every table into segments and writes nothing', async () => {
    const world = new BackupWorld();
    const children = await world.split();
    expect(children.map(({ payload }) => payload)).toEqual(
      ['jobs', 'records'].flatMap((table) =>
        [0, 1, 2, 3].map((segment) => ({ prefix: PREFIX, table, segment, of: 4 })),
      ),
    );
    expect(new Set(children.map(({ key }) => key)).size).toBe(8);
    expect(children.every(({ kind, priority }) => kind === 'backup-segment' && priority === 'LOW')).toBe(
      true,
    );
    expect(world.order).toEqual([]);
  });

  it.each([1, 7, 13, 24])('never makes more than 24 children: %i tables', async (count) => {
    const tables = Array.from({ length: count }, (_, index) => `table-${index}`);
    const children = await new BackupWorld(tables).split();
    expect(children.length).toBeLessThanOrEqual(24);
    expect(new Set(children.map(({ payload }) => payload['table'])).size).toBe(count);
  });

  it.each([0, 25])('refuses %i tables for good', async (count) => {
    const tables = Array.from({ length: count }, (_, index) => `table-${index}`);
    await expect(new BackupWorld(tables).run(0)).rejects.toMatchObject({ code: 'too_many_tables' });
  });
});

describe('the second round', () => {
  it('writes manifests that name every file with its checksum, and the marker last', async () => {
    const world = new BackupWorld();
    const segments = await world.segments();
    const done = await world.run(1, segments.toReversed());
    expect(world.order.slice(-3)).toEqual([
      `${PREFIX}/manifest-files.json`,
      `${PREFIX}/manifest-summary.json`,
      `${PREFIX}/completed`,
    ]);
    const lines = world.objects.get(`${PREFIX}/manifest-files.json`)?.toString().trimEnd().split('\n') ?? [];
    const listed = lines.map((line) => JSON.parse(line));
    expect(listed).toHaveLength(8);
    for (const { dataFileS3Key, sha256: told, sizeBytes, md5Checksum, table } of listed) {
      const body = world.objects.get(dataFileS3Key) ?? Buffer.alloc(0);
      expect(sha256(body)).toBe(told);
      expect(createHash('md5').update(body).digest('base64')).toBe(md5Checksum);
      expect(body.length).toBe(sizeBytes);
      expect(dataFileS3Key.startsWith(`${PREFIX}/${table}/data/`)).toBe(true);
    }
    const summary = world.objects.get(`${PREFIX}/manifest-summary.json`) ?? Buffer.alloc(0);
    expect(world.json(`${PREFIX}/manifest-summary.json`)).toMatchObject({
      startTime: CREATED,
      endTime: '2026-03-01T02:03:00.000Z',
      manifestFilesS3Key: `${PREFIX}/manifest-files.json`,
      manifestFilesSha256: sha256(world.objects.get(`${PREFIX}/manifest-files.json`) ?? Buffer.alloc(0)),
      itemCount: 20,
      fileCount: 8,
      tables: [
        { table: 'jobs', itemCount: 10, fileCount: 4, dataS3Prefix: `${PREFIX}/jobs/data/` },
        { table: 'records', itemCount: 10, fileCount: 4, dataS3Prefix: `${PREFIX}/records/data/` },
      ],
    });
    expect(world.json(`${PREFIX}/completed`)).toEqual({
      manifestSummaryS3Key: `${PREFIX}/manifest-summary.json`,
      manifestSummarySha256: sha256(summary),
    });
    expect(done).toMatchObject({
      end: 'succeeded',
      summary: '2 tables, 20 items in 8 files, 60 bytes',
      result: { prefix: PREFIX, items: 20, files: 8, bytes: 60, manifest_sha256: sha256(summary) },
      writes: [
        { type: 'backup', owner: 'SYSTEM', id: `${CREATED}#${JOB_ID}`, state: { status: 'completed' } },
      ],
    });
    expect(world.intents).toEqual([]);
  });

  it('begins under an empty prefix when a person retries it, and seals what lies there', async () => {
    const world = new BackupWorld();
    await world.segments();
    const first = new Set(world.objects.keys());
    const again = await Promise.all((await world.split(2)).map((child) => world.finish(child)));
    const done = await world.run(1, again, 2);
    expect(done).toMatchObject({ end: 'succeeded', result: { prefix: `${PREFIX}-2` } });
    const written = world.order.slice(first.size);
    expect(written.filter((key) => first.has(key))).toEqual([]);
    expect(written.at(-1)).toBe(`${PREFIX}-2/completed`);
  });

  it('writes the same bytes when it is repeated', async () => {
    const world = new BackupWorld();
    const segments = await world.segments();
    const first = await world.run(1, segments);
    const before = new Map(world.objects);
    const second = await world.run(1, segments.toReversed());
    expect(second).toEqual(first);
    expect(world.objects).toEqual(before);
  });

  it('leaves no marker when a manifest could not be written', async () => {
    const world = new BackupWorld();
    const segments = await world.segments();
    world.refuses = (key) => key.endsWith('manifest-summary.json');
    await expect(world.run(1, segments)).rejects.toBeInstanceOf(RetryableError);
    expect(world.objects.has(`${PREFIX}/completed`)).toBe(false);
    expect(world.intents).toEqual([]);
  });

  it.each<[string, (all: ChildOutcome[]) => ChildOutcome[]]>([
    ['failed', ([first, ...rest]) => [...rest, { ...(first as ChildOutcome), status: 'failed' }]],
    ['was cancelled', ([first, ...rest]) => [...rest, { ...(first as ChildOutcome), status: 'cancelled' }]],
    ['is missing', ([, ...rest]) => rest],
    [
      'counts twice',
      ([first, second, ...rest]) => [
        second as ChildOutcome,
        second as ChildOutcome,
        ...rest,
        first as ChildOutcome,
      ],
    ],
    [
      'has no result',
      ([first, ...rest]) => [...rest, { jobId: 'x', key: first?.key ?? '', status: 'succeeded' }],
    ],
    [
      'has an unreadable result',
      ([first, ...rest]) => [
        ...rest,
        { ...(first as ChildOutcome), result: { ...first?.result, files: ['x'] } },
      ],
    ],
    ['is none at all', () => []],
  ])('fails for good and unfinished when a segment %s', async (_, spoil) => {
    const world = new BackupWorld();
    const segments = spoil(await world.segments());
    const written = world.order.length;
    const failure = await world.run(1, segments).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PermanentError);
    expect(failure).toMatchObject({ code: 'segment_failed' });
    expect(world.order).toHaveLength(written);
    expect(world.intents).toMatchObject([{ type: 'backup', state: { status: 'failed' } }]);
  });
});
