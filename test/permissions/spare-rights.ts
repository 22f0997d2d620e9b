import type { FunctionName } from '#shared/contract/functions.ts';

/** A right that the tour does not need, and why the function has it all the same. */
export interface SpareRight {
  readonly functions: readonly FunctionName[];
  /** Of the texts of unused-rights.ts. */
  readonly right: RegExp;
  readonly because: string;
}

export const SPARE_RIGHTS: readonly SpareRight[] = [
  {
    functions: [
      'jobs-api',
      'interactions-api',
      'operations-api',
      'break-glass-api',
      'audit-api',
      'rights-api',
      'erasure',
    ],
    right: /^kms:GenerateDataKeyWithoutPlaintext on KeysFields|^KeysFields\w+ with .*purpose (audit-)?hash$/,
    because:
      'The key of keyed hashes is made once per deployment, that of the trail’s pseudonyms once a year, by whoever needs it first.',
  },
  {
    functions: ['tick', 'reconciler', 'dead-letter'],
    right: /^kms:GenerateDataKeyWithoutPlaintext on KeysFields/,
    because: 'The key of the trail’s pseudonyms is made once a year, by whoever needs it first.',
  },
  {
    functions: ['tick', 'audit-api', 'operations-api'],
    right: /^dynamodb:PutItem on TablesJobsTable|^TablesJobsTable\w+ with dynamodb:LeadingKeys KEY#AUDIT#\*$/,
    because: 'The wrapped key of a year’s pseudonyms is put once a year, by whoever needs it first.',
  },
  {
    functions: ['jobs-api'],
    right: /^s3:ListBucket on BucketsAudit/,
    because: 'It lists nothing: without this right S3 answers "forbidden" where an hour has no seal yet.',
  },
  {
    functions: ['audit-api', 'operations-api'],
    right: /^dynamodb:PutItem on TablesJobsTable|^TablesJobsTable\w+ with dynamodb:LeadingKeys KEY#HASH#\*$/,
    because: 'The wrapped key of keyed hashes is put once per deployment, by whoever needs it first.',
  },
  {
    functions: ['recurring', 'worker', 'interactions-api'],
    right: /^dynamodb:PutItem on TablesSecretsTable|^TablesSecretsTable\w+ with dynamodb:LeadingKeys SYSTEM$/,
    because: 'The secret of jobs about no patient is made once per deployment, by whoever needs it first.',
  },
  {
    functions: ['worker', 'jobs-api', 'interactions-api', 'rights-api', 'erasure', 'change-log'],
    right: /^s3:(Get|Put)Object on BucketsResults|with kms:ViaService s3\./,
    because: 'Only results over 200 KB go there; result-store and large-objects are tested on their own.',
  },
  {
    functions: ['change-log', 'jobs-api', 'interactions-api', 'rights-api', 'erasure'],
    right: /^s3:ListBucket on BucketsResults/,
    because: 'They list nothing: without it S3 answers "forbidden" where a result has expired or is lost.',
  },
  {
    functions: ['worker'],
    right: /^s3:ListBucket on BucketsReference/,
    because: 'It is never listed: without this right S3 answers "forbidden" where no pack was ever imported.',
  },
  {
    functions: ['worker'],
    right: /^sqs:SendMessage on Queues/,
    because:
      'A kind may order jobs of any priority as children; one of priority HIGH is ordered only when the zone changes under way.',
  },
  {
    functions: ['erasure'],
    right: /^sqs:SendMessage on Queues|with kms:ViaService sqs\./,
    because: 'Only when the last job that a parent waits for is a job of the user: the parent is sent then.',
  },
  {
    functions: ['rights-api'],
    right: /^dynamodb:PutItem on TablesSecretsTable/,
    because:
      'The first that is known of a user may be that somebody wants them erased, or their records held.',
  },
  {
    functions: ['rights-api', 'erasure'],
    right:
      /^KeysFields\w+ with .*purpose field$|^dynamodb:PutItem on TablesJobsTable|^TablesJobsTable\w+ with dynamodb:LeadingKeys KEY#\*$/,
    because:
      'The key of a day is made and put by whoever seals first on it; these two seal a few times a year.',
  },
];
