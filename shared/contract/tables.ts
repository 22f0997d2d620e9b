/**
 * Tables, keys and indexes: the words that infra, adapters and the laptop stack share.
 *
 * jobs     `JOB#<id>` / `ROW | PAYLOAD | RESULT | RELEASE`; `IDEMPOTENCY#<ref>` / `ROW`; `OPEN#<user ref>` / `ROW` (open jobs); `OUTCOME#<hour>#<shard>` / `<ended>#<id>#<generation>`;
 *          `EVENT#<hour>#<shard>` / `accepted#<at>#<job id> | dose#<due>#<owner>#<occurrence id> | break_glass#<at>#<id>`;
 *          `FILL#<date>#<shard>` / `<mark>`; `LATE#<date written>` / `<written at>#<mark>`; `REFUSALS#<hour>#<shard>` / `<step>#<code>`;
 *          `RECALL#<ref>#<shard>` / `<ended>#<id>`;
 *          `BREAK_GLASS#<grant id>` / `ROW`; `BREAK_GLASS_HOLDER#<actor ref>` / `<ref of the patient>` (names the newest grant);
 *          `BULK_ACTION#<id>` / `ROW`;
 *          `CONTROL#PAUSE` / `<priority>` (what was decided about it); `KEY#DAY#<date>`, `KEY#HASH#1` and `KEY#AUDIT#<year>` / `ROW` (wrapped keys)
 * records  `OWNER#<ref>` / `<type>#<id>`; `DUE#<shard>#<minute>` / `<due>#<owner>#<medication>#<version>`;
 *          `WATERMARK` / `<shard>`; `USERS` / `<ref>` (who has a medication);
 *          `GRANTEE#<ref>` / `<ref>` (by whom somebody was given a grant); `ERASURES` / `<due>#<ref>` (who is to be erased when)
 * audit    `JOB#<id>` / `<seq, 8 digits>`; `DAY#<date>` / `<at>#<entry id>`; `REFUSAL#<minute>` / `<reason>`
 * secrets  `<owner ref>` / `SECRET` (of an erased user: when it was destroyed)
 */
export const TABLES = {
  jobs: { logicalId: 'JobsTable', variable: 'JOBS_TABLE', streamed: true },
  records: { logicalId: 'RecordsTable', variable: 'RECORDS_TABLE', streamed: true },
  audit: { logicalId: 'AuditTable', variable: 'AUDIT_TABLE', streamed: false },
  secrets: { logicalId: 'SecretsTable', variable: 'SECRETS_TABLE', streamed: false },
} as const;

export type TableName = keyof typeof TABLES;

/** What a drill restores into: the tables of a backup by their logical names. They have no indexes. */
export const DRILL_TABLES = {
  jobs: { logicalId: 'DrillJobsTable', variable: 'DRILL_JOBS_TABLE' },
  records: { logicalId: 'DrillRecordsTable', variable: 'DRILL_RECORDS_TABLE' },
} as const;

/** After this nothing of a drill stands any more, also when it died before it took its items away. */
export const DRILL_ITEM_HOURS = 72;
/** Of each item in them, beside what was restored. */
export const DRILL_TTL_ATTRIBUTE = 'drillEnds';

export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
/** Epoch seconds after which DynamoDB may delete an item; readers filter, because it deletes late. */
export const TTL_ATTRIBUTE = 'ttl';

export const INDEXES = {
  /** Jobs of one user and month (`<user ref>#<YYYY-MM>`), newest last by `createdAt#jobId`. Beside them, under `<user ref>#break_glass`, the grants of emergency access to that user. */
  jobsByUser: { table: 'jobs', name: 'by-user', partition: 'userMonth', sort: 'userSort' },
  /**
   * Sparse and sharded: `<watch class>#<priority>#<shard>`, sorted by `checkAt#jobId`. Beside jobs it holds what is to be
   * reviewed of emergency access and what was: `break_glass#waiting | made`, sorted by `<term | when>#<grant id>`; and bulk
   * actions that are not done: `bulk_action#running`, sorted by `<made>#<id>`.
   */
  jobsByWatch: { table: 'jobs', name: 'by-watch', partition: 'watch', sort: 'watchSort' },
  /** Audit entries about one patient and month. */
  auditBySubject: { table: 'audit', name: 'by-subject', partition: 'subjectMonth', sort: 'atSort' },
  /** Audit entries by one actor and month. */
  auditByActor: { table: 'audit', name: 'by-actor', partition: 'actorMonth', sort: 'atSort' },
  /** Audit entries about one job: those of its chain, and reads and refusals beside it. */
  auditByJob: { table: 'audit', name: 'by-job', partition: 'jobId', sort: 'atSort' },
  /** All audit entries of one hour, spread: `<YYYY-MM-DDTHH>#<shard>`. What is sealed is found here. */
  auditByHour: { table: 'audit', name: 'by-hour', partition: 'hourShard', sort: 'atSort' },
} as const satisfies Record<string, { table: TableName; name: string; partition: string; sort: string }>;

/** How long rows live after their job's end, in days. */
export const RETENTION_DAYS = {
  jobs: 90,
  outcomes: 396,
  bulkActions: 90,
  occurrences: 396,
  audit: 396,
  /** Audit entries that tell who saw or changed a patient's data: six years and a month. */
  accesses: 2_222,
} as const;
/** Over which the counters of refusals of one hour are spread, however many functions count them. */
export const REFUSAL_SHARDS = 4;
/**
 * Over which the audit entries of one hour are spread. One partition takes 1,000 writes a second; a hash spreads 3,000
 * over 16 to some 190 each. It is no setting: whoever looks for the entries of an old hour has to know it.
 */
export const AUDIT_SHARDS = 16;
export const IDEMPOTENCY_HOURS = 24;
