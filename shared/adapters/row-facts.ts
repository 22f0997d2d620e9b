import { INDEXES } from '../contract/tables.ts';
import type { JobRowFacts } from '../evidence/job-row-facts.ts';
import type { Item } from './batch-get.ts';
import { userIndexOf } from './job-row-item.ts';
import { type FieldSpec, readFields } from './row-fields.ts';

const { partition, sort } = INDEXES.jobsByUser;

const FIELDS: FieldSpec<Omit<JobRowFacts, 'misplaced'>> = {
  jobId: 'string',
  kind: 'string',
  priority: 'string',
  status: 'string',
  createdAt: 'string',
  dueAt: 'string',
  expiresAt: 'string?',
  attemptLimit: 'number',
  userRef: 'string?',
  actorRef: 'string',
  actorRole: 'string',
  correlationId: 'string',
  parentId: 'string?',
  childKey: 'string?',
  awaited: 'boolean?',
  rowSalt: 'string?',
  chainSeq: 'number',
  chainHash: 'string',
};

/** The attributes of a row that its chain is held against: whoever verifies reads no others. */
export const FACT_ATTRIBUTES: readonly string[] = [...Object.keys(FIELDS), partition, sort];

/** @throws StoredItemError */
export function rowFacts(item: Item): JobRowFacts {
  const facts = readFields<Omit<JobRowFacts, 'misplaced'>>(item, FIELDS, 'job row');
  const place: Readonly<Record<string, string>> = userIndexOf(facts);
  const misplaced = [partition, sort].some((name) => item[name]?.S !== place[name]);
  return { ...facts, ...(misplaced && { misplaced }) };
}
