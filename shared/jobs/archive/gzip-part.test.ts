import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GzipPart } from './gzip-part.ts';

async function partOf(lines: readonly string[]): Promise<Uint8Array> {
  const part = new GzipPart();
  for (const line of lines) await part.add(line);
  return part.finish();
}

describe('a part', () => {
  it('is a gzip file of its lines, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 50 }), async (lines) => {
        const text = gunzipSync(await partOf(lines)).toString();
        expect(text).toBe(lines.map((line) => `${line}\n`).join(''));
      }),
      { numRuns: 50 },
    );
  });

  it('of many blocks is one gzip file with a right checksum and length', async () => {
    const lines = Array.from({ length: 40_000 }, (_, index) =>
      createHash('sha512').update(String(index)).digest('hex'),
    );
    const body = await partOf(lines);
    expect(gunzipSync(body).toString()).toBe(`${lines.join('\n')}\n`);
    expect(body.byteLength).toBeLessThan(40_000 * 129 * 0.65);
  });

  it('tells no time and no system, so that the same lines are the same bytes', async () => {
    const body = await partOf(['{"Item":{}}']);
    expect([...body.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    expect(await partOf(['{"Item":{}}'])).toEqual(body);
  });
});
