import { expect, test } from 'vitest';
import { closedFields } from './closed-fields.ts';

test('a function that only moves jobs neither seals nor opens a field', async () => {
  const place = { table: 'jobs', pk: 'JOB#1', sk: 'PAYLOAD', attribute: 'body' } as const;
  await expect(closedFields.seal(place, 'owner', {})).rejects.toThrow('neither seals');
  await expect(closedFields.open(place, 'owner', new Uint8Array(64))).rejects.toThrow('nor opens');
  expect(closedFields.joins('owner', '2026-01-01')).toEqual([]);
});
