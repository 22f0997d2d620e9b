import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { TTL_ATTRIBUTE } from '../contract/tables.ts';
import type { Json, Release } from '../jobs/ports.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { ReleaseStore } from '../operations/recall-ports.ts';
import { auditItem } from './audit-items.ts';
import type { Pseudonymize } from './audit-pseudonyms.ts';
import { keyOf } from './batch-get.ts';
import type { FieldCipher } from './field-cipher.ts';
import { releaseKey } from './item-keys.ts';
import { joinedGet } from './joined-get.ts';
import { ownerOf } from './new-job-items.ts';
import { ttlOfItem } from './record-items.ts';
import { isOver, jobTtl } from './retention.ts';
import { readFields, readVersion, StoredItemError } from './row-fields.ts';
import { transact } from './transaction.ts';

const RELEASE_VERSION = 1;

export interface ReleasesOptions {
  readonly client: DynamoDBClient;
  /** Deployed names. */
  readonly tables: { readonly jobs: string; readonly audit: string };
  readonly cipher: FieldCipher;
  readonly pseudonymize: Pseudonymize;
  readonly clock: Clock;
}

type Clear = Pick<Release, 'revision' | 'releasedAt' | 'role'>;
type Sealed = Pick<Release, 'findings' | 'note'>;

const bodyPlace = (jobId: string) => ({ table: 'jobs', ...releaseKey(jobId), attribute: 'body' }) as const;

/** One item beside the job; what is released and the note are sealed as the result is, and live as long. */
export function createReleases(options: ReleasesOptions): ReleaseStore {
  const { client, tables, cipher, clock } = options;
  return {
    read: async (row) => {
      const joins = cipher.joins(ownerOf(row));
      const [item] = await joinedGet(client, [{ table: tables.jobs, ...releaseKey(row.jobId) }], joins);
      if (!item || isOver(ttlOfItem(item), clock())) return undefined;
      readVersion(item, 'v', RELEASE_VERSION, 'release');
      const spec = { revision: 'number', releasedAt: 'string', role: 'string' } as const;
      const clear = readFields<Clear>(item, spec, 'release');
      return {
        ...clear,
        ...sealedIn(await cipher.open(bodyPlace(row.jobId), ownerOf(row), item['body']?.B)),
      };
    },

    put: async (row, before, after, audit) => {
      const { findings, note, ...clear } = after;
      const body = await cipher.seal(bodyPlace(row.jobId), ownerOf(row), {
        findings,
        ...(note !== undefined && { note }),
      });
      const ttl = row.endedAt === undefined ? {} : { [TTL_ATTRIBUTE]: jobTtl(row.endedAt) };
      const put = {
        TableName: tables.jobs,
        Item: {
          ...marshall({ ...clear, v: RELEASE_VERSION, ...ttl }),
          ...keyOf(releaseKey(row.jobId)),
          body: { B: body },
        },
        ...(before
          ? {
              ConditionExpression: 'revision = :before',
              ExpressionAttributeValues: { ':before': { N: String(before.revision) } },
            }
          : { ConditionExpression: 'attribute_not_exists(pk)' }),
      };
      const seed = `release|${row.jobId}|${after.revision}`;
      const entry = await auditItem(options, audit);
      return (await transact(client, [{ Put: put }, entry], seed)).done;
    },
  };
}

function sealedIn(body: Json): Sealed {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new StoredItemError('The body of a release is no object.');
  // Written by this code only, and the envelope proves that it is unaltered.
  return body as unknown as Sealed;
}
