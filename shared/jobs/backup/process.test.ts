import { createHash, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { createInMemoryArchive, type InMemoryArchive, KEY_ID } from '#test/fakes/in-memory-archive.ts';
import { PermanentError, RetryableError } from '../../errors/attempt-error.ts';
import { addSeconds } from '../../lifecycle/instant.ts';
import { partKey } from '../archive/archive-keys.ts';
import type { BackupType } from '../archive/backup-manifest.ts';
import { keepChanges } from '../archive/keep-changes.ts';
import type { ChildJob, ChildOutcome, Done, JsonObject } from '../ports.ts';
import { process } from './process.ts';
import type { BackupPayload } from './schema.ts';

const JOB_ID = '01KAZ3V8M0ABCDEFGHJKMNPQRS';
const CREATED = '2026-03-01T02:00:00.000Z';
const PREFIX = `backups/daily/${JOB_ID}`;
/** Two minutes before: what is stamped earlier has been written, or never will be. */
const UNTIL = '2026-03-01T01:58:00.000Z';

const hash = (algorithm: string, encoding: 'hex' | 'base64', body: Uint8Array = Buffer.of()): string =>
  createHash(algorithm).update(body).digest(encoding);
const sha256 = (body?: Uint8Array): string => hash('sha256', 'hex', body);

interface Run {
  readonly round?: number;
  readonly children?: readonly ChildOutcome[];
  readonly generation?: number;
  readonly type?: BackupType | 'whatever';
  readonly jobId?: string;
  readonly createdAt?: string;
  /** The worker dies before what it hands back is committed. */
  readonly dies?: boolean;
}

/** Backups of one deployment, over a bucket and records in memory. */
class BackupWorld {
  readonly archive: InMemoryArchive;
  readonly bench = new KindBench(CREATED);
  readonly order: string[] = [];
  refuses: (key: string) => boolean = () => false;
  /** Jobs that have ended, however that came. */
  readonly ended = new Set<string>();

  constructor(tables: readonly string[] = ['jobs', 'records']) {
    this.archive = createInMemoryArchive(Object.fromEntries(tables.map((table) => [table, []])));
  }

  async run({ round = 0, type = 'full', jobId = JOB_ID, dies = false, ...set }: Run = {}): Promise<Done> {
    const payload: BackupPayload = { backup_type: type, storage_config: { type: 's3', path: 'daily' } };
    const { archive, order } = this;
    const put: InMemoryArchive['put'] = async (key, ...rest) => {
      if (this.refuses(key)) throw new RetryableError('dependency_unavailable', 'The bucket is away.');
      order.push(key);
      return archive.put(key, ...rest);
    };
    const job = this.bench.job(payload, { jobId, createdAt: CREATED, round, ...set });
    const stillActs = async (jobId: string) => !this.ended.has(jobId);
    const done = await process(job, this.bench.world({ archive: { ...archive, put }, stillActs }));
    return dies ? done : this.bench.commit(done);
  }

  async finish({ key, payload }: ChildJob): Promise<ChildOutcome> {
    const { prefix, table, segment, of } = payload as {
      prefix: string;
      table: string;
      segment: number;
      of: number;
    };
    const body = Buffer.from(`${table} ${segment}`);
    const fileKey = partKey(prefix, table, segment, 0);
    await this.archive.put(fileKey, body, 'application/gzip', hash('sha256', 'base64', body));
    const md5 = hash('md5', 'base64', body);
    const file = { key: fileKey, items: segment + 1, bytes: body.length, sha256: sha256(body), md5 };
    const ended_at = `2026-03-01T02:0${segment}:00.000Z`;
    const result = { table, segment, of, items: segment + 1, files: [file], ended_at };
    return { jobId: `child-${key}`, key, status: 'succeeded', result };
  }

  async split(set: Run = {}): Promise<readonly ChildJob[]> {
    const done = await this.run(set);
    if (done.end !== 'waiting') throw new Error(`It ended ${done.end}.`);
    return done.children;
  }

  async segments(set: Run = {}): Promise<ChildOutcome[]> {
    return Promise.all((await this.split(set)).map((child) => this.finish(child)));
  }

  /** A full backup, from its beginning to its end. */
  async full(set: Run = {}): Promise<Done> {
    return this.run({ ...set, round: 1, children: await this.segments(set) });
  }

  /** One change of each table, written to the log at that time. */
  async change(at: string, sequence: string): Promise<void> {
    for (const table of ['jobs', 'records'])
      await keepChanges({ archive: this.archive, clock: () => at }, table, [
        { sequence, at: 0, keys: { pk: { S: 'x' } } },
      ]);
  }

  text(key: string): string {
    return Buffer.from(this.archive.objects.get(key) ?? []).toString();
  }

  json(key: string): JsonObject {
    return JSON.parse(this.text(key) || 'null');
  }

  records(): JsonObject {
    return Object.fromEntries(this.bench.all('backup').map(({ id, state }) => [id, { ...state }]));
  }
}

describe('the first round of a full backup', () => {
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
    await expect(new BackupWorld(tables).run()).rejects.toMatchObject({ code: 'too_many_tables' });
  });
});

describe('the second round of a full backup', () => {
  it('writes manifests that name every file with its checksum, and the marker last', async () => {
    const world = new BackupWorld();
    const segments = await world.segments();
    const done = await world.run({ round: 1, children: segments.toReversed() });
    expect(world.order).toEqual([
      ...['jobs', 'records'].flatMap((table) =>
        ['manifest-files.json', 'manifest-files.md5', 'manifest-summary.json', 'manifest-summary.md5'].map(
          (name) => `${PREFIX}/${table}/${name}`,
        ),
      ),
      `${PREFIX}/manifest.json`,
      `catalogue/20260301T020000.000Z-${JOB_ID}-1.json`,
      `${PREFIX}/completed`,
    ]);
    for (const table of ['jobs', 'records']) {
      const key = `${PREFIX}/${table}/manifest-files.json`;
      const list = world.archive.objects.get(key);
      expect(world.text(key.replace('.json', '.md5'))).toBe(hash('md5', 'base64', list));
      const listed = world
        .text(key)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(listed).toHaveLength(4);
      for (const { dataFileS3Key, sha256: told, sizeBytes, md5Checksum } of listed) {
        const body = world.archive.objects.get(dataFileS3Key);
        expect([sha256(body), hash('md5', 'base64', body), body?.byteLength]).toEqual([
          told,
          md5Checksum,
          sizeBytes,
        ]);
        // ImportTable takes all that lies under one prefix.
        expect(dataFileS3Key.startsWith(`${PREFIX}/${table}/data/`)).toBe(true);
      }
      expect(world.json(`${PREFIX}/${table}/manifest-summary.json`)).toMatchObject({
        startTime: CREATED,
        endTime: '2026-03-01T02:03:00.000Z',
        manifestFilesS3Key: key,
        itemCount: 10,
        exportType: 'FULL_EXPORT',
        outputFormat: 'DYNAMODB_JSON',
      });
    }
    const manifest = world.archive.objects.get(`${PREFIX}/manifest.json`) ?? Buffer.of();
    expect(world.json(`${PREFIX}/manifest.json`)).toMatchObject({
      backup_id: JOB_ID,
      backup_type: 'full',
      parent: null,
      interval: { from: null, until: UNTIL },
      tables: ['jobs', 'records'].map((table) => ({
        table,
        files: 4,
        items: 10,
        files_sha256: sha256(world.archive.objects.get(`${PREFIX}/${table}/manifest-files.json`)),
      })),
    });
    const { signature, ...marker } = world.json(`${PREFIX}/completed`);
    expect(marker).toEqual({
      manifest_key: `${PREFIX}/manifest.json`,
      manifest_sha256: sha256(manifest),
      key_id: KEY_ID,
    });
    expect(
      verify('sha256', manifest, world.archive.publicKey, Buffer.from(String(signature), 'base64')),
    ).toBe(true);
    expect(done).toMatchObject({
      end: 'succeeded',
      summary: 'full: 2 tables, 20 items in 8 files, 60 bytes',
      result: { prefix: PREFIX, items: 20, files: 8, bytes: 60, parent: null },
    });
    expect(world.records()).toEqual({
      lock: { status: 'free' },
      latest: { status: 'completed', until: UNTIL },
      head: { status: 'completed', backupId: JOB_ID },
      [`${CREATED}#${JOB_ID}`]: { status: 'completed' },
    });
  });

  it('begins under an empty prefix when a person retries it, and seals what lies there', async () => {
    const world = new BackupWorld();
    await world.segments();
    const first = new Set(world.archive.objects.keys());
    const done = await world.full({ generation: 2 });
    expect(done).toMatchObject({ end: 'succeeded', result: { prefix: `${PREFIX}-2` } });
    expect(world.order.filter((key) => first.has(key))).toEqual([]);
    expect(world.order.at(-1)).toBe(`${PREFIX}-2/completed`);
  });

  it('writes the same when it is repeated', async () => {
    const world = new BackupWorld();
    const children = await world.segments();
    const first = await world.run({ round: 1, children, dies: true });
    const before = new Map(world.archive.objects);
    await world.run();
    const second = await world.run({ round: 1, children: children.toReversed() });
    expect('result' in second && second.result).toEqual('result' in first && first.result);
    // Of the marker only the signature is another one each time.
    for (const key of before.keys())
      if (!key.endsWith('/completed')) expect(world.text(key)).toBe(before.get(key)?.toString());
    expect([...world.archive.objects.keys()]).toEqual([...before.keys()]);
  });

  it.each(['manifest-summary.json', 'manifest.json', '-1.json'])(
    'leaves no marker when %s could not be written',
    async (name) => {
      const world = new BackupWorld();
      const children = await world.segments();
      world.refuses = (key) => key.endsWith(name);
      await expect(world.run({ round: 1, children })).rejects.toBeInstanceOf(RetryableError);
      expect(world.archive.objects.has(`${PREFIX}/completed`)).toBe(false);
      expect(world.records()).toEqual({ lock: { status: 'running' } });
    },
  );

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
  ])('fails for good and unfinished when a segment %s, and lets the next one begin', async (_, spoil) => {
    const world = new BackupWorld();
    const children = spoil(await world.segments());
    const failure = await world.run({ round: 1, children }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PermanentError);
    expect(failure).toMatchObject({ code: 'segment_failed' });
    expect(world.order).toEqual([]);
    expect(world.records()).toEqual({
      lock: { status: 'free' },
      [`${CREATED}#${JOB_ID}`]: { status: 'failed' },
    });
  });
});

describe('increments', () => {
  const day = (days: number) => addSeconds(CREATED, days * 86_400);
  const increment = (type: BackupType, days: number): Run => ({
    type,
    jobId: `day-${days}`,
    createdAt: day(days),
  });
  const filesOf = (world: BackupWorld, jobId: string) =>
    world
      .text(`backups/daily/${jobId}/records/manifest-files.json`)
      .split('\n')
      .flatMap((line) => /\/records\/([0-9T]{13})/.exec(line)?.[1] ?? []);

  it('are the ranges of the change log since the backup that they continue', async () => {
    const world = new BackupWorld();
    await world.full();
    for (const [index, at] of [UNTIL, day(0.5), day(1.5), day(2.5)].entries())
      await world.change(at, String(100 + index));
    // Not yet settled when the second one is asked for.
    await world.change(addSeconds(day(2), -60), '103');
    const [one, two, three] = [
      await world.run(increment('incremental', 1)),
      await world.run(increment('incremental', 2)),
      await world.run(increment('differential', 3)),
    ];
    expect([one, two, three].map((done) => 'result' in done && done.result)).toMatchObject([
      { backup_type: 'incremental', parent: JOB_ID, interval: { from: UNTIL }, items: 4 },
      { backup_type: 'incremental', parent: 'day-1', items: 2 },
      { backup_type: 'differential', parent: JOB_ID, interval: { from: UNTIL }, items: 10 },
    ]);
    // The very moment at which the full one begins is in the first, and no moment is in two of a chain.
    expect(filesOf(world, 'day-1')).toEqual(['20260301T0158', '20260301T1400']);
    expect(filesOf(world, 'day-2')).toEqual(['20260302T1400']);
    expect(filesOf(world, 'day-3')).toHaveLength(5);
    expect(world.order.at(-1)).toBe('backups/daily/day-3/completed');
  });

  it('end when they end, not before they began, and a repeated attempt tells the same end', async () => {
    const world = new BackupWorld();
    await world.full();
    world.bench.now = addSeconds(day(1), 40);
    world.refuses = (key) => key.endsWith('completed');
    await expect(world.run(increment('incremental', 1))).rejects.toBeInstanceOf(RetryableError);
    world.refuses = () => false;
    const told = world.text('backups/daily/day-1/manifest.json');
    world.bench.now = addSeconds(day(1), 1_840);
    const done = await world.run(increment('incremental', 1));
    const times = { started_at: day(1), ended_at: addSeconds(day(1), 40) };
    expect('result' in done && done.result).toMatchObject(times);
    expect(world.json('backups/daily/day-1/records/manifest-summary.json')).toMatchObject({
      startTime: times.started_at,
      endTime: times.ended_at,
    });
    expect(world.text('backups/daily/day-1/manifest.json')).toBe(told);
  });

  it('name the backup that ended before them, whatever they continue, also one that is not there any more', async () => {
    const world = new BackupWorld();
    await world.full();
    await world.run(increment('incremental', 1));
    for (const key of world.archive.objects.keys())
      if (key.includes('day-1')) world.archive.objects.delete(key);
    await world.run(increment('differential', 2));
    const previous = (jobId: string) => world.json(`backups/daily/${jobId}/manifest.json`)?.['previous'];
    expect([previous(JOB_ID), previous('day-2')]).toEqual([null, 'day-1']);
    expect(world.records()).toMatchObject({ head: { backupId: 'day-2' } });
  });

  it('continue a differential', async () => {
    const world = new BackupWorld();
    await world.full();
    await world.run(increment('differential', 1));
    const done = await world.run(increment('incremental', 2));
    expect('result' in done && done.result).toMatchObject({ parent: 'day-1', items: 0 });
  });

  it.each(['incremental', 'differential'] as const)(
    'become a full backup when there is none to continue: %s',
    async (type) => {
      const world = new BackupWorld();
      const done = await world.full({ type });
      expect('result' in done && done.result).toMatchObject({
        backup_type: 'full',
        requested_type: type,
        parent: null,
      });
    },
  );

  it('become a full backup when a link of the chain is missing', async () => {
    const world = new BackupWorld();
    await world.full();
    await world.run(increment('incremental', 1));
    await world.run(increment('incremental', 2));
    world.archive.objects.delete('backups/daily/day-1/completed');
    expect(await world.run(increment('incremental', 3))).toMatchObject({ end: 'waiting' });
  });

  it('do not continue what looks like a backup and was signed by nobody who may', async () => {
    const world = new BackupWorld();
    await world.full();
    await world.run(increment('incremental', 1));
    const at = 'backups/daily/day-1';
    const forged = Buffer.from(
      world.text(`${at}/manifest.json`).replace(/"until":"[^"]+"/, `"until":"${day(1.9)}"`),
    );
    world.archive.objects.set(`${at}/manifest.json`, forged);
    const marker = { ...world.json(`${at}/completed`), manifest_sha256: sha256(forged) };
    world.archive.objects.set(`${at}/completed`, Buffer.from(JSON.stringify(marker)));
    const done = await world.run(increment('incremental', 2));
    expect('result' in done && done.result).toMatchObject({ parent: JOB_ID, interval: { from: UNTIL } });
  });

  it('do not continue what was begun after them', async () => {
    const world = new BackupWorld();
    await world.full({ createdAt: day(2), jobId: 'later' });
    expect(await world.run(increment('incremental', 1))).toMatchObject({ end: 'waiting' });
  });

  it('do not continue a full backup that shows what was written after their end', async () => {
    const world = new BackupWorld();
    // It scans until 02:03, and every range ends two minutes before it is asked for.
    await world.full();
    const at = (createdAt: string): Run => ({ type: 'incremental', jobId: `at-${createdAt}`, createdAt });
    expect(await world.run(at('2026-03-01T02:04:59.999Z'))).toMatchObject({ end: 'waiting' });
    world.ended.add('at-2026-03-01T02:04:59.999Z');
    const done = await world.run(at('2026-03-01T02:05:00.000Z'));
    expect('result' in done && done.result).toMatchObject({ parent: JOB_ID });
  });

  it('refuse a log in which something else lies', async () => {
    const world = new BackupWorld();
    await world.full();
    await world.archive.put('changes/jobs/20260301T1', Buffer.of(), '', hash('sha256', 'base64'));
    await expect(world.run(increment('incremental', 1))).rejects.toThrow('no part of it');
  });
});

describe('data files that are not those of the segments', () => {
  const PART = partKey(PREFIX, 'records', 2, 0);

  it.each<[string, (world: BackupWorld) => void]>([
    ['gone', ({ archive }) => archive.objects.delete(PART)],
    ['cut off', ({ archive }) => archive.objects.set(PART, Buffer.from('records'))],
    [
      'joined by one of a dead attempt',
      ({ archive }) => archive.objects.set(partKey(PREFIX, 'records', 2, 1), Buffer.from('x')),
    ],
  ])('%s: no backup is called finished', async (_what, harm) => {
    const world = new BackupWorld();
    const children = await world.segments();
    harm(world);
    await expect(world.run({ round: 1, children })).rejects.toMatchObject({ code: 'segment_failed' });
    expect([...world.archive.objects.keys()].filter((key) => /completed|catalogue/.test(key))).toEqual([]);
    expect(Object.values(world.records())).toContainEqual(expect.objectContaining({ status: 'failed' }));
    // It holds nobody up.
    await expect(world.run({ jobId: 'second' })).resolves.toMatchObject({ end: 'waiting' });
  });
});

describe('two backups at once', () => {
  it('the second waits for the first', async () => {
    const world = new BackupWorld();
    const children = await world.segments();
    const second = { jobId: 'second' };
    await expect(world.run(second)).rejects.toMatchObject({ reason: 'backup_running' });
    // The first is not disturbed, and begins again what it had begun.
    await expect(world.run()).resolves.toMatchObject({ end: 'waiting' });
    await world.run({ round: 1, children });
    await expect(world.run(second)).resolves.toMatchObject({ end: 'waiting' });
  });

  it('the one that waited, and ends last, does not make the newest one look older', async () => {
    const world = new BackupWorld();
    const later = addSeconds(CREATED, 600);
    await world.full({ jobId: 'second', createdAt: later });
    await world.full();
    expect(world.records()).toMatchObject({ latest: { until: addSeconds(later, -120) } });
  });

  it('one that goes on is waited for, however long it takes', async () => {
    const world = new BackupWorld();
    await world.segments();
    world.bench.now = addSeconds(CREATED, 7 * 86_400);
    await expect(world.run({ jobId: 'second' })).rejects.toMatchObject({ reason: 'backup_running' });
  });

  it('one that has ended without giving it back holds nobody up, and never ends well', async () => {
    const world = new BackupWorld();
    const children = await world.segments();
    world.ended.add(JOB_ID);
    await expect(world.run({ jobId: 'second' })).resolves.toMatchObject({ end: 'waiting' });
    await expect(world.run({ round: 1, children })).rejects.toMatchObject({ code: 'backup_superseded' });
    expect(world.archive.objects.has(`${PREFIX}/completed`)).toBe(false);
  });

  it('of two that find a dead one’s lock only one takes it', async () => {
    const world = new BackupWorld();
    await world.segments();
    world.ended.add(JOB_ID);
    const both = await Promise.allSettled([world.run({ jobId: 'second' }), world.run({ jobId: 'third' })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'RetryableError', reason: 'backup_running' },
    });
  });
});
