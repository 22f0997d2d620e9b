import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { readStates } from './read-states.ts';

const GOOD = '{"Item":{"pk":{"S":"a"},"sk":{"S":"b"},"v":{"N":"1"}}}';

async function read(...lines: readonly string[]) {
  const archive = createInMemoryArchive();
  const body = gzipSync(`${lines.join('\n')}\n`);
  archive.objects.set('file', body);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const states = [];
  const file = { key: 'file', items: lines.length, bytes: body.byteLength, sha256 };
  for await (const state of readStates(archive, file, ['pk', 'sk'])) states.push(state);
  return states;
}

describe('a file that is what its checksum says', () => {
  it('tells of items, and of changes with their time', async () => {
    const change =
      '{"Metadata":{"WriteTimestampMicros":{"N":"1000000"}},"Keys":{"pk":{"S":"a"},"sk":{"S":"b"}}}';
    const keys = { pk: { S: 'a' }, sk: { S: 'b' } };
    expect(await read(GOOD, change)).toEqual([
      { keys, image: { ...keys, v: { N: '1' } }, characters: GOOD.length },
      { keys, changedAt: '1970-01-01T00:00:01.000Z', characters: change.length },
    ]);
  });

  it.each([
    ['no JSON', '{"Item":{"pk":{"S":"secret"'],
    ['no item', '{"Thing":{}}'],
    ['an item without its key', '{"Item":{"pk":{"S":"secret"}}}'],
    ['nothing at all', 'null'],
  ])(
    'and has a line that is %s is damaged: its place is told, and nothing of what stands there',
    async (_, line) => {
      const reading = read(GOOD, line);
      await expect(reading).rejects.toMatchObject({
        name: 'DamagedFileError',
        message: 'file, line 2, tells of no item.',
      });
    },
  );
});
