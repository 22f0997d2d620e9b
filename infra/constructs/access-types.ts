import type { FUNCTION_VARIABLES, FunctionName } from '#shared/contract/functions.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';
import type { TableAccess } from './table-access.ts';

/**
 * `hash`: the key of keyed hashes, made by whoever needs it first. `name`: the years' keys of the audit trail's pseudonyms,
 * for entries that name somebody and for finding them; each is made by whoever needs it first. `open`, `seal`: fields; who
 * seals makes day keys.
 */
export type FieldKeyUse = 'hash' | 'name' | 'open' | 'seal';

/** What the trail is listed by. */
type AuditIndex = 'by-hour' | 'by-subject' | 'by-actor' | 'by-job';

/** Permissions by the variable that names the resource: whoever has the one has the other. */
interface Permissions {
  readonly JOBS_TABLE: readonly (TableAccess | 'by-user' | 'by-watch')[];
  readonly RECORDS_TABLE: readonly TableAccess[];
  /** No entry is ever changed or deleted, so nothing else can be asked for here. */
  readonly AUDIT_TABLE: readonly ('put' | 'put-single' | 'put-gathered' | 'get' | 'query' | AuditIndex)[];
  /** A secret is made once and never changed, but by who erases its user. */
  readonly SECRETS_TABLE: readonly ('get' | 'put' | 'put-own' | 'update')[];
  readonly FIELD_KEY_ARN: readonly FieldKeyUse[];
  readonly QUEUES: readonly ('send' | 'depth')[];
  /** The event source mappings of the four workers: whether they are on, and switching them. */
  readonly MAPPINGS: readonly ('look' | 'switch')[];
  readonly TICK_QUEUE_URL: readonly 'send'[];
  /** `look`: whether anybody is subscribed. */
  readonly TOPIC_ARN: readonly ('publish' | 'look')[];
  readonly BUS_NAME: readonly 'publish'[];
  readonly BACKUP_BUCKET: readonly ('put' | 'get' | 'list')[];
  /** `list`: without it S3 answers a missing object as it answers a forbidden one. */
  readonly RESULTS_BUCKET: readonly ('put' | 'get' | 'list')[];
  readonly REFERENCE_BUCKET: readonly ('get' | 'list')[];
  /** `proofs`: seals and hashes of leaves, and not the lines that tell what everybody did. */
  readonly AUDIT_BUCKET: readonly ('put' | 'get' | 'proofs' | 'list')[];
  readonly SEAL_KEY_ARN: readonly 'sign'[];
  /** In which state each of the deployment's keys is; to use one is another right. */
  readonly KEYS: readonly 'look'[];
  /** DynamoDB's own exports of what is backed up. */
  readonly BACKUP_EXPORTS: readonly 'export'[];
  /** `look`: its public half. */
  readonly BACKUP_KEY_ARN: readonly ('sign' | 'look')[];
  readonly DRILL_JOBS_TABLE: readonly ('get' | 'scan' | 'fill')[];
  readonly DRILL_RECORDS_TABLE: readonly ('get' | 'scan' | 'fill')[];
  /** The function that restores into these tables: asked, and not given their rights. */
  readonly DRILL_FUNCTION: readonly 'ask'[];
}

export type FunctionAccess = { readonly [R in keyof Permissions]?: Permissions[R] };

type ExactAccess<R extends keyof Permissions> = { readonly [P in R]: Permissions[P] } & {
  readonly [P in Exclude<keyof Permissions, R>]?: never;
};

type VariablesOf<F extends FunctionName> = (typeof FUNCTION_VARIABLES)[F][number];
/** The four queue URLs always come together, and so do the four mappings. */
type ResourceOf<V> = V extends `${Priority}_QUEUE_URL`
  ? 'QUEUES'
  : V extends `${Priority}_MAPPING_ID`
    ? 'MAPPINGS'
    : V;

/** Exactly one entry for each resource that the function's variables name, and none for another. */
export type AccessOf<F extends FunctionName> = ExactAccess<
  Extract<ResourceOf<VariablesOf<F>>, keyof Permissions>
>;
