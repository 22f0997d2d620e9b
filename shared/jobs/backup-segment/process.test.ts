import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../errors/attempt-error.ts';
import type { SegmentResult } from '../archive/segment.ts';
import { readSegmentResult } from '../archive/segment.ts';
import type { JobView, World } from '../ports.ts';
import { PART_BYTES, process } from './process.ts';
import type { BackupSegmentPayload } from './schema.ts';

const ORDER: BackupSegmentPayload = { prefix: 'daily/01JOB', table: 'records', segment: 2, of: 4 };

/** A bucket in memory and a table of lines; `log` tells what happened in which order. */
class SegmentWorld {
  readonly objects = new Map<string, Buffer>();
  readonly log: string[] = [];
  readonly lines: readonly string[];
  readonly pageSize: number;

  constructor(lines: readonly string[], pageSize = 100) {
    this.lines = lines;
    this.pageSize = pageSize;
  }

  async run(payload = ORDER): Promise<SegmentResult> {
    const { lines, pageSize, log, objects } = this;
    const world = {
      now: () => '2026-03-01T02:03:00.000Z',
      archive: {
        tables: ['jobs', 'records'],
        async *scan(table: string, segment: number, of: number) {
          expect([table, segment, of]).toEqual(['records', 2, 4]);
          for (let at = 0; at < lines.length; at += pageSize) {
            log.push('page');
            yield lines.slice(at, at + pageSize);
          }
        },
        put: async (key: string, body: Uint8Array, contentType: string, sha256Base64: string) => {
          expect(contentType).toBe('application/gzip');
          expect(createHash('sha256').update(body).digest('base64')).toBe(sha256Base64);
          log.push('put');
          objects.set(key, Buffer.from(body));
          return `tag-of-${key}`;
        },
      },
    } as unknown as World; // A test world: the kind may use no other part of it.
    const job = { jobId: 'segment', payload } as unknown as JobView<BackupSegmentPayload>;
    const done = await process(job, world);
    if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
    return readSegmentResult(done.result);
  }
}

const linesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => JSON.stringify({ Item: { pk: { S: `OWNER#${index}` } } }));

/** Lines that hardly compress, as encrypted items are: about 1 KB each. */
const denseLines = (count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    Array.from({ length: 12 }, (_, block) =>
      createHash('sha512').update(`${index}-${block}`).digest('base64'),
    ).join(''),
  );

describe('a segment', () => {
  it('writes its items as gzip lines and tells count, size and checksum', async () => {
    const world = new SegmentWorld(linesOf(250));
    const { files, items } = await world.run();
    const [file] = files;
    const body = world.objects.get('daily/01JOB/records/data/002-00000.json.gz') ?? Buffer.alloc(0);
    expect(gunzipSync(body).toString()).toBe(`${linesOf(250).join('\n')}\n`);
    expect(items).toBe(250);
    expect(files).toHaveLength(1);
    expect(file).toEqual({
      key: 'daily/01JOB/records/data/002-00000.json.gz',
      items: 250,
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      md5: createHash('md5').update(body).digest('base64'),
      etag: 'tag-of-daily/01JOB/records/data/002-00000.json.gz',
    });
  });

  it('cuts parts of bounded size while it still reads', async () => {
    const lines = denseLines(22_000);
    const world = new SegmentWorld(lines);
    const { files, items } = await world.run();
    expect(files.map(({ key }) => key)).toEqual([
      'daily/01JOB/records/data/002-00000.json.gz',
      'daily/01JOB/records/data/002-00001.json.gz',
      'daily/01JOB/records/data/002-00002.json.gz',
    ]);
    expect(items).toBe(22_000);
    for (const { bytes } of files) expect(bytes).toBeLessThan(PART_BYTES + 1.1 * 1024 * 1024);
    expect(world.log.indexOf('put')).toBeLessThan(world.log.lastIndexOf('page'));
    const joined = files.map(({ key }) => gunzipSync(world.objects.get(key) ?? Buffer.alloc(0)).toString());
    expect(joined.join('')).toBe(`${lines.join('\n')}\n`);
  });

  it('writes the same bytes again, however the pages fall', async () => {
    const lines = denseLines(13_000);
    const first = new SegmentWorld(lines, 100);
    const second = new SegmentWorld(lines, 777);
    expect(await second.run()).toEqual(await first.run());
    expect(first.objects.size).toBe(2);
    for (const [key, body] of first.objects) expect(second.objects.get(key)?.equals(body)).toBe(true);
  });

  it('writes nothing for an empty segment', async () => {
    const world = new SegmentWorld([]);
    expect(await world.run()).toMatchObject({ items: 0, files: [] });
    expect(world.objects.size).toBe(0);
  });

  it.each([
    ['unknown_table', { ...ORDER, table: 'secrets' }],
    ['unknown_segment', { ...ORDER, segment: 4 }],
  ])('is refused for good: %s', async (code, payload) => {
    const failure = await new SegmentWorld([]).run(payload).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PermanentError);
    expect(failure).toMatchObject({ code });
  });
});
