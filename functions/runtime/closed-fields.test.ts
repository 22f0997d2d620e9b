import { expect, test } from 'vitest';
import { namesNobody } from '#shared/adapters/audit-pseudonyms.ts';
import { sampleEntry } from '#test/contracts/sample-jobs.ts';
import { closedFields } from './closed-fields.ts';

test('a function that only moves jobs neither seals nor opens a field', async () => {
  const place = { table: 'jobs', pk: 'JOB#1', sk: 'PAYLOAD', attribute: 'body' } as const;
  await expect(closedFields.seal(place, 'owner', {})).rejects.toThrow('neither seals');
  await expect(closedFields.open(place, 'owner', new Uint8Array(64))).rejects.toThrow('nor opens');
  expect(closedFields.joins('owner', '2026-01-01')).toEqual([]);
});

test('a function without a key writes entries that name nobody, and no other', async () => {
  const entry = sampleEntry({ actor: { ref: 'anonymous', role: 'none' } });
  expect(await namesNobody(entry)).toBe(entry);
  await expect(namesNobody(sampleEntry({ subjectRef: 'a'.repeat(26) }))).rejects.toThrow('no key');
});
