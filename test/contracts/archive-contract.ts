import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Archive } from '#shared/jobs/ports.ts';

export interface ArchiveUnderTest {
  readonly archive: Archive;
  /** The bytes of an object that was put; `undefined` when there is none. */
  readonly stored: (key: string) => Promise<Uint8Array | undefined>;
  /** Lines that the table `jobs` holds at least. */
  readonly lines: number;
}

/** What every Archive promises. */
export function archiveContract(name: string, make: () => Promise<ArchiveUnderTest>): void {
  describe(`${name}: an archive`, () => {
    test('gives each item in exactly one segment, however many there are', async () => {
      const { archive, lines } = await make();
      const whole = await collect(archive, 1);
      expect(whole.length).toBeGreaterThanOrEqual(lines);
      expect((await collect(archive, 4)).toSorted()).toEqual(whole.toSorted());
      for (const line of whole) expect(JSON.parse(line)).toHaveProperty('Item');
    });

    test('keeps what was put, and replaces it when it is put again', async () => {
      const { archive, stored } = await make();
      for (const text of ['first', 'second, and longer']) {
        const body = Buffer.from(text);
        const checksum = createHash('sha256').update(body).digest('base64');
        await archive.put('contract/part', body, 'text/plain', checksum);
        expect(Buffer.from((await stored('contract/part')) ?? []).toString()).toBe(text);
      }
      expect(await stored('contract/other')).toBeUndefined();
    });

    test('refuses a body that does not fit its checksum', async () => {
      const { archive, stored } = await make();
      const checksum = createHash('sha256').update('something else').digest('base64');
      const put = archive.put('contract/wrong', Buffer.from('body'), 'text/plain', checksum);
      await expect(put).rejects.toThrow();
      expect(await stored('contract/wrong')).toBeUndefined();
    });

    test('has no table that it does not name', async () => {
      const { archive } = await make();
      expect(archive.tables).toContain('jobs');
      const scan = async () => {
        for await (const page of archive.scan('secrets', 0, 1)) expect(page).toBeUndefined();
      };
      await expect(scan()).rejects.toThrow();
    });
  });
}

async function collect(archive: Archive, segments: number): Promise<string[]> {
  const lines: string[] = [];
  for (let segment = 0; segment < segments; segment += 1)
    for await (const page of archive.scan('jobs', segment, segments)) lines.push(...page);
  return lines;
}
