import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { SYSTEM_OWNER } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { NewJob } from '../operations/ports.ts';
import { auditItem } from './audit-items.ts';
import { newJobUnderPseudonyms, type Pseudonymize } from './audit-pseudonyms.ts';
import { keyOf } from './batch-get.ts';
import type { FieldCipher } from './field-cipher.ts';
import { payloadKey } from './item-keys.ts';
import { rowItem } from './job-row-item.ts';

export interface NewJobItemsOptions {
  readonly tables: { readonly jobs: string; readonly audit: string };
  readonly cipher: FieldCipher;
  readonly pseudonymize: Pseudonymize;
  readonly watchShards: number;
}

/** Whose secret seals a job's payload and result: the patient's, or the system's for jobs about no single patient. */
export const ownerOf = (row: Pick<JobRow, 'userRef'>): string => row.userRef ?? SYSTEM_OWNER;

export const payloadPlace = (jobId: string) =>
  ({ table: 'jobs', ...payloadKey(jobId), attribute: 'body' }) as const;

/** Row, payload and first audit entry, in this order; the row and the entry refuse to overwrite. */
export async function newJobItems(options: NewJobItemsOptions, job: NewJob): Promise<TransactWriteItem[]> {
  const { tables, cipher, pseudonymize, watchShards } = options;
  const [{ row, audit }, body] = await Promise.all([
    newJobUnderPseudonyms(pseudonymize, job),
    cipher.seal(payloadPlace(job.row.jobId), ownerOf(job.row), job.payload),
  ]);
  return [
    {
      Put: {
        TableName: tables.jobs,
        Item: rowItem(row, watchShards),
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    {
      Put: {
        TableName: tables.jobs,
        Item: { ...keyOf(payloadKey(row.jobId)), body: { B: body } },
      },
    },
    await auditItem(options, audit),
  ];
}
