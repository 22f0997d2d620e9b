import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { createAuditPages } from './audit-pages.ts';
import { encodeCursor } from './cursor.ts';
import type { FieldCipher } from './field-cipher.ts';
import { createOutcomeReader } from './outcome-reader.ts';
import { createSubjectTrail } from './subject-trail.ts';

// Positions that look right and are none: going on from them month by month, or hour by hour, would end in an error of ours,
// or not at all.

/** A table in which nothing stands, and of which nothing is asked. */
const client = {
  send: () => Promise.reject(new Error('The table was asked.')),
} as unknown as DynamoDBClient;
const clock = () => '2027-05-01T00:00:00.000Z';
const RANGE = { from: '2026-01-01T00:00:00.000Z', to: '2027-06-01T00:00:00.000Z' };

const trail = createSubjectTrail({ client, table: 'audit', clock });
const outcomes = createOutcomeReader({
  client,
  table: 'jobs',
  outcomeShards: 1,
  clock,
  // Nothing is opened.
  cipher: {} as FieldCipher,
});
const pages = createAuditPages({ client, table: 'audit' });

it.each<[string, (cursor: string) => Promise<unknown>]>([
  ['the trail of a person', (cursor) => pages.page({ by: 'subject', ref: 'ref' }, RANGE, 10, cursor)],
  ['the account of disclosures', (cursor) => trail.page(['ref'], RANGE, () => true, 10, cursor)],
  ['jobs that have ended', (cursor) => outcomes.listEnded(RANGE, 10, cursor)],
])('%s does not go on from a month that there is not', async (_, page) => {
  const forged = encodeCursor('2026-13-45T99:99:99.999Z#01RAVVKJ13CMR8AYGEVTR218CC#1');
  await expect(page(forged)).rejects.toMatchObject({ name: 'ProblemError', code: 'invalid_input' });
});
