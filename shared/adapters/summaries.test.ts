import { describe, expect, test } from 'vitest';
import { NOW, sampleJob } from '#test/contracts/sample-jobs.ts';
import { scriptedKms, scriptedTables } from '#test/contracts/scripted-aws.ts';
import { SYSTEM_OWNER } from '../jobs/ports.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { createFieldCipher } from './field-cipher.ts';
import { jobRowKey } from './item-keys.ts';
import { createKeyRing } from './key-ring.ts';
import { createOwnerSecrets } from './owner-secrets.ts';
import { openSummaries, sealSummary } from './summaries.ts';

function setUp() {
  const tables = scriptedTables();
  const kms = scriptedKms();
  let now = NOW;
  const clock = () => now;
  const environment = () =>
    createFieldCipher({
      keys: createKeyRing({ dynamo: tables.client, kms: kms.client, kmsKeyId: 'k', table: 'jobs', clock }),
      secrets: createOwnerSecrets({ dynamo: tables.client, table: 'secrets', clock }),
      clock,
    });
  const worker = environment();
  /** A row as it is read after a job of that user has ended on that day. */
  const ended = async (text: string, userRef?: string, day = 0): Promise<JobRow> => {
    const { userRef: _, ...row } = sampleJob().row;
    const about = { ...row, ...(userRef !== undefined && { userRef }) };
    now = addSeconds(NOW, day * 86_400);
    return { ...about, summary: await sealSummary(worker, about, text) };
  };
  /** What an environment that has just begun opens, and what it asks AWS for. */
  const open = async (rows: readonly JobRow[]) => {
    const [reads, unwraps] = [tables.calls.length, kms.calls.length];
    const opened = await openSummaries(tables.client, environment(), rows);
    return {
      texts: rows.map((row) => opened.get(row.jobId)),
      calls: [...tables.calls.slice(reads), ...kms.calls.slice(unwraps)].map((call) => call.name),
    };
  };
  return { tables, environment, ended, open };
}

describe('sealed summaries', () => {
  test('of a whole list take one read, and one unwrapping for each day', async () => {
    const { ended, open } = setUp();
    const rows: JobRow[] = [];
    for (let index = 0; index < 100; index += 1)
      rows.push(await ended(`line ${index}`, `user-${index % 5}`, index % 3));

    const { texts, calls } = await open(rows);

    expect(texts).toEqual(rows.map((_, index) => `line ${index}`));
    expect(calls).toEqual(['BatchGetItem', 'Decrypt', 'Decrypt', 'Decrypt']);
  });

  test('take no second read of a key that several rows need, nor any call when there is none', async () => {
    const { ended, open, tables, environment } = setUp();
    const row = await ended('done', 'user-1');
    const cipher = environment();
    await openSummaries(tables.client, cipher, [row]);
    const calls = tables.calls.length;
    expect(await openSummaries(tables.client, cipher, [row])).toEqual(new Map([[row.jobId, 'done']]));
    expect(tables.calls).toHaveLength(calls);
    expect(await open([sampleJob().row])).toEqual({ texts: [undefined], calls: [] });
  });

  test('of jobs about no single patient are the system’s', async () => {
    const { ended, open, tables } = setUp();
    const row = await ended('3 tables, 20 items');
    expect(tables.items.has(`secrets/${SYSTEM_OWNER}/SECRET`)).toBe(true);
    expect((await open([row])).texts).toEqual(['3 tables, 20 items']);
  });

  test('tell nothing by their length', async () => {
    const { ended } = setUp();
    const lines = ['', 'published', 'published, late', 'published, late, possible duplicate'];
    const lengths = await Promise.all(lines.map(async (line) => (await ended(line)).summary?.length));
    expect(new Set(lengths).size).toBe(1);
  });

  test.each([63, 64, 65, 1000])('of %i characters open to the whole line', async (length) => {
    const { ended, open } = setUp();
    const line = 'x'.repeat(length);
    expect((await open([await ended(line)])).texts).toEqual([line]);
  });

  test('of an erased patient are left out; the others of the list still open', async () => {
    const { ended, open, tables } = setUp();
    const rows = [await ended('erased', 'user-1'), await ended('stands', 'user-2')];
    tables.items.delete('secrets/user-1/SECRET');

    expect((await open(rows)).texts).toEqual([undefined, 'stands']);
    expect(tables.items.has('secrets/user-1/SECRET')).toBe(false);
  });

  test('that were altered or moved are refused, and the error tells no data', async () => {
    const { ended, open } = setUp();
    const [own, other] = [await ended('own line', 'user-1'), await ended('other line', 'user-1')];
    const bytes = Uint8Array.from(own.summary ?? []);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    const moved = { ...own, ...(other.summary && { summary: other.summary }) };
    for (const row of [{ ...own, summary: bytes }, moved]) {
      const error: unknown = await open([row]).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'FieldCipherError', code: 'not_authentic' });
      expect(String(error)).not.toContain('line');
    }
  });

  test('are bound to the row’s own attribute', async () => {
    const { ended, environment } = setUp();
    const { summary, ...row } = await ended('done', 'user-1');
    const place = { table: 'jobs', ...jobRowKey(row.jobId) } as const;
    const cipher = environment();
    expect(await cipher.open({ ...place, attribute: 'summary' }, 'user-1', summary)).toMatch(/^done +$/);
    const elsewhere = cipher.open({ ...place, attribute: 'body' }, 'user-1', summary);
    await expect(elsewhere).rejects.toMatchObject({ code: 'not_authentic' });
  });
});
