import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { createInMemoryArchive, type InMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { backup } from '../backup/index.ts';
import { backupSegment } from '../backup-segment/index.ts';
import type { ChildOutcome, Done, JsonObject } from '../ports.ts';

const TABLES = ['jobs', 'records', 'results'] as const;
const PREFIX = 'backups/x/01JOB';

/** Attributes of every type, with whatever text may hold: ends of lines of all kinds, quotes, halves of characters. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      S: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a\nb', '\r\n', '\u2028', '"}\n{"')),
    }),
    fc.record({ N: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) }),
    fc.record({ B: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')) }),
    fc.record({ BOOL: fc.boolean() }),
    fc.constant({ NULL: true }),
    fc.record({ SS: fc.array(fc.string(), { minLength: 1 }) }),
    fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }) }),
  ),
}));
const items = fc.uniqueArray(
  fc.record({ pk: fc.record({ S: fc.string({ minLength: 1 }) }), sk: fc.constant({ S: 'x' }), body: value }),
  { selector: ({ pk }) => pk.S, maxLength: 12 },
);

/** A full backup of tables that hold these lines, by the real kinds. */
async function backedUp(lines: Readonly<Record<string, readonly string[]>>): Promise<InMemoryArchive> {
  const bench = new KindBench('2026-03-01T02:00:00.000Z');
  const archive = createInMemoryArchive(lines);
  const payload = { backup_type: 'full', storage_config: { type: 's3', path: 'x' } };
  const run = async (kind: Pick<typeof backup, 'open'>, order: JsonObject, set: object): Promise<Done> => {
    const { payload: _, ...job } = bench.job(undefined, set);
    return bench.commit(await kind.open(order).process(job, bench.world({ archive })));
  };
  const first = await run(backup, payload, {});
  if (first.end !== 'waiting') throw new Error(`It ended ${first.end}.`);
  const children: ChildOutcome[] = [];
  for (const { key, payload: order } of first.children) {
    const done = await run(backupSegment, order, { jobId: key });
    if (done.end !== 'succeeded') throw new Error(`A segment ended ${done.end}.`);
    children.push({ jobId: key, key, status: 'succeeded', result: done.result });
  }
  const last = await run(backup, payload, { round: 1, children });
  if (last.end !== 'succeeded') throw new Error(`It ended ${last.end}.`);
  return archive;
}

/** What ImportTable makes of a prefix with DYNAMODB_JSON and GZIP: it takes every object there, and knows no manifest. */
function imported({ objects }: InMemoryArchive, prefix: string): unknown[] {
  return [...objects]
    .filter(([key]) => key.startsWith(prefix))
    .flatMap(([, bytes]) => gunzipSync(bytes).toString().split('\n'))
    .filter((line) => line !== '')
    .map((line) => {
      const { Item: item, ...rest } = JSON.parse(line);
      expect(rest).toEqual({});
      return item;
    });
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64');
const byKey = (all: readonly unknown[]): string[] => all.map((item) => JSON.stringify(item)).toSorted();

it('whatever a table holds, what lies under its data prefix alone imports it, and the manifests tell of it as DynamoDB’s do', async () => {
  await fc.assert(
    fc.asyncProperty(items, items, items, async (...tables) => {
      const held = Object.fromEntries(TABLES.map((name, index) => [name, tables[index] ?? []]));
      const lines = Object.entries(held).map(
        ([name, all]) => [name, all.map((item) => JSON.stringify({ Item: item }))] as const,
      );
      const archive = await backedUp(Object.fromEntries(lines));
      const bytesOf = (key: string): Uint8Array => archive.objects.get(key) ?? Buffer.of();
      for (const [name, all] of Object.entries(held)) {
        const summary = JSON.parse(
          Buffer.from(bytesOf(`${PREFIX}/${name}/manifest-summary.json`)).toString(),
        );
        expect(summary).toMatchObject({
          version: '2020-06-30',
          s3Prefix: PREFIX,
          itemCount: all.length,
          outputFormat: 'DYNAMODB_JSON',
          exportType: 'FULL_EXPORT',
        });
        expect(byKey(imported(archive, summary.dataS3Prefix))).toEqual(byKey(all));
        const list = Buffer.from(bytesOf(summary.manifestFilesS3Key)).toString();
        const files = list
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line));
        for (const { itemCount, md5Checksum, etag, dataFileS3Key } of files) {
          expect(dataFileS3Key.startsWith(summary.dataS3Prefix)).toBe(true);
          expect(imported(archive, dataFileS3Key)).toHaveLength(itemCount);
          expect(md5Checksum).toBe(md5(bytesOf(dataFileS3Key)));
          // Of the bucket in memory the tag is an MD5 as well.
          expect(etag).toBe(Buffer.from(md5Checksum, 'base64').toString('hex'));
        }
        expect(files.reduce((sum, { itemCount }) => sum + itemCount, 0)).toBe(all.length);
        for (const manifest of ['manifest-summary', 'manifest-files'])
          expect(Buffer.from(bytesOf(`${PREFIX}/${name}/${manifest}.md5`)).toString()).toBe(
            md5(bytesOf(`${PREFIX}/${name}/${manifest}.json`)),
          );
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
