import { createHash, type KeyObject, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Archive, ArchivedObject } from '#shared/jobs/ports.ts';

export interface ArchiveUnderTest {
  readonly archive: Archive;
  /** The bytes of an object that was put; `undefined` when there is none. */
  readonly stored: (key: string) => Promise<Uint8Array | undefined>;
  /** Of the key that signs. */
  readonly publicKey: KeyObject;
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

    test('tells what it has signed from what it has not', async () => {
      const { archive } = await make();
      const { signature } = await archive.sign('signed');
      expect(await archive.verifies(Buffer.from('signed'), signature)).toBe(true);
      for (const [text, other] of [
        ['something else', signature],
        ['signed', ''],
        ['signed', 'no signature'],
        ['signed', (await archive.sign('something else')).signature],
      ] as const)
        expect(await archive.verifies(Buffer.from(text), other)).toBe(false);
    });

    test('keeps what was put, and replaces it when it is put again', async () => {
      const { archive, stored } = await make();
      for (const text of ['first', 'second, and longer']) {
        const body = Buffer.from(text);
        const checksum = createHash('sha256').update(body).digest('base64');
        expect(await archive.put('contract/part', body, 'text/plain', checksum)).toMatch(/^[\w-]+$/);
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

    test('gives back what was put, and nothing of what was not', async () => {
      const { archive } = await make();
      await put(archive, 'contract/read', 'what was put');
      expect(Buffer.from((await archive.get('contract/read')) ?? []).toString()).toBe('what was put');
      expect(await archive.get('contract/never')).toBeUndefined();
    });

    test('gives back piece by piece what was put, also of some megabytes', async () => {
      const { archive } = await make();
      const body = 'what was put, over and over. '.repeat(100_000);
      await put(archive, 'contract/pieces', body);
      const pieces: Uint8Array[] = [];
      for await (const piece of (await archive.stream('contract/pieces')) ?? []) pieces.push(piece);
      expect(pieces.length).toBeGreaterThan(1);
      expect(Buffer.concat(pieces).toString()).toBe(body);
      expect(await archive.stream('contract/never')).toBeUndefined();
    });

    test('lists what begins with a prefix, in order, with its size, from a key on', async () => {
      const { archive } = await make();
      for (const name of ['e', 'b', 'd', 'a', 'c']) await put(archive, `contract/list/${name}`, name);
      await put(archive, 'contract/lists', 'beside it');
      const list = (after?: string) => listed(archive, 'contract/list/', after);
      expect(await list()).toEqual(
        ['a', 'b', 'c', 'd', 'e'].map((name) => ({ key: `contract/list/${name}`, bytes: 1 })),
      );
      // What begins like the mark comes after it, so a mark need not be a key.
      expect((await list('contract/list/c')).map(({ key }) => key)).toEqual([
        'contract/list/d',
        'contract/list/e',
      ]);
      expect((await list('contract/list/bb')).map(({ key }) => key.at(-1))).toEqual(['c', 'd', 'e']);
      expect(await listed(archive, 'contract/none/')).toEqual([]);
    });

    test('signs so that the public key tells what was signed', async () => {
      const { archive, publicKey } = await make();
      const { signature } = await archive.sign('what is signed');
      const signed = (text: string) =>
        verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
      expect([signed('what is signed'), signed('something else')]).toEqual([true, false]);
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

async function listed(archive: Archive, prefix: string, after?: string): Promise<ArchivedObject[]> {
  const objects: ArchivedObject[] = [];
  for await (const page of archive.list(prefix, after)) objects.push(...page);
  return objects;
}

const put = (archive: Archive, key: string, text: string) =>
  archive.put(key, Buffer.from(text), 'text/plain', createHash('sha256').update(text).digest('base64'));

async function collect(archive: Archive, segments: number): Promise<string[]> {
  const lines: string[] = [];
  for (let segment = 0; segment < segments; segment += 1)
    for await (const page of archive.scan('jobs', segment, segments)) lines.push(...page);
  return lines;
}
