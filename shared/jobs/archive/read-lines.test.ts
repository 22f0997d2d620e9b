import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { readFileLines } from './read-lines.ts';

const MB = 1024 * 1024;

/** The lines of a file with that content, listed with what it is unless told otherwise. */
async function read(body: Uint8Array, items: number, listed: { bytes?: number; lies?: Uint8Array } = {}) {
  const archive = createInMemoryArchive();
  let gets = 0;
  archive.objects.set('file', listed.lies ?? body);
  const counting = {
    ...archive,
    get: (key: string) => {
      gets += 1;
      return archive.get(key);
    },
  };
  const sha256 = createHash('sha256').update(body).digest('hex');
  const file = { key: 'file', items, bytes: listed.bytes ?? body.byteLength, sha256 };
  const lines: string[] = [];
  for await (const line of readFileLines(counting, file)) lines.push(line);
  return { lines, gets };
}

describe('the lines of a data file', () => {
  it.each([
    ['whose last line ends', 'a\nb\n'],
    ['whose last line does not end', 'a\nb'],
  ])('%s are all there', async (_, text) => {
    expect(await read(gzipSync(text), 2)).toEqual({ lines: ['a', 'b'], gets: 1 });
  });

  it('that is empty, as DynamoDB writes it of a partition without items, are none', async () => {
    expect((await read(Buffer.of(), 0)).lines).toEqual([]);
    expect((await read(gzipSync(''), 0)).lines).toEqual([]);
  });

  it('that is too large to be held are read piece by piece, after its checksum', async () => {
    const body = gzipSync(['large', randomBytes(20_000).toString('hex')].join('\n'));
    const large = { bytes: 33 * MB };
    const { lines, gets } = await read(body, 2, large);
    expect([lines[0], lines[1]?.length, gets]).toEqual(['large', 40_000, 0]);
    await expect(read(body, 2, { ...large, lies: gzipSync('changed') })).rejects.toThrow('differs');
  });

  it.each([
    ['differs from its checksum', { lies: gzipSync('changed') }, 1, gzipSync('a')],
    ['cannot be unpacked', {}, 1, Buffer.from('no gzip')],
    // Cut off before its end, as by a writer that died; its checksum is of what was written.
    ['cannot be unpacked', {}, 1, gzipSync(randomBytes(20_000).toString('hex')).subarray(0, 9_000)],
    ['has 1 lines where 2 are told', {}, 2, gzipSync('a\n')],
  ] as const)('are refused when it %s', async (fault, listed, items, body) => {
    await expect(read(body, items, listed)).rejects.toMatchObject({
      name: 'DamagedFileError',
      message: expect.stringContaining(fault),
    });
  });
});
