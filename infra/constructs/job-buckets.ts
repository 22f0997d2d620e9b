import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { RETENTION_DAYS } from '#shared/contract/tables.ts';
import { KEPT_DAYS, ROOTS } from '#shared/jobs/archive/archive-keys.ts';
import { acknowledge } from '../acknowledge.ts';
import { LOG_RETENTION_DAYS, type Stage } from '../stages.ts';
import { removalOf } from './removal.ts';

/** Monthly full backups, the catalogue that tells of them, and what drills have shown. */
const MONTHLY_DAYS = 6 * 365 + 2;
/** Once an object has been replaced or has expired, and its lock has ended, nobody needs it. */
const NONCURRENT_DAYS = 1;

/** Days for which a pointer that was overwritten can still be looked at. */
const POINTER_DAYS = 365;

/** How long nobody can remove what is sealed: 45 CFR 164.316(b)(2)(i) asks for six years; with the leap days in them. */
const SEALED_DAYS = 6 * 365 + 2;

const expiring = (prefix: string, days: number): LifecycleRule => ({
  prefix,
  expiration: Duration.days(days),
  noncurrentVersionExpiration: Duration.days(NONCURRENT_DAYS),
  abortIncompleteMultipartUploadAfter: Duration.days(1),
});

/** Backups, results too large for a row, own reference data, the sealed audit trail, and the access logs of all of them. */
export class JobBuckets extends Construct {
  readonly backup: Bucket;
  readonly results: Bucket;
  readonly reference: Bucket;
  readonly audit: Bucket;
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, props: { stage: Stage; key: IKey }) {
    super(scope, id);
    const common = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: removalOf(props.stage),
      // CloudFormation deletes empty buckets only. A laptop's are thrown away with the emulator.
      autoDeleteObjects: !props.stage.keepStores && !props.stage.laptop,
    };
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      ...common,
      // S3 delivers access logs only to buckets whose default encryption is SSE-S3.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [
        { expiration: Duration.days(LOG_RETENTION_DAYS), noncurrentVersionExpiration: Duration.days(1) },
      ],
    });
    const encrypted = (
      name: string,
      prefix: string,
      days: number | undefined,
      noncurrentDays: number,
      more: BucketProps = {},
    ) =>
      new Bucket(this, name, {
        ...common,
        encryption: BucketEncryption.KMS,
        encryptionKey: props.key,
        bucketKeyEnabled: true,
        // The class and its own interface differ under exactOptionalPropertyTypes.
        serverAccessLogsBucket: this.accessLogs as IBucket,
        serverAccessLogsPrefix: prefix,
        lifecycleRules: [
          {
            ...(days !== undefined && { expiration: Duration.days(days) }),
            noncurrentVersionExpiration: Duration.days(noncurrentDays),
            abortIncompleteMultipartUploadAfter: Duration.days(1),
          },
        ],
        ...more,
      });
    // A retried job writes its result again: the older version has no use.
    this.results = encrypted('Results', 'results/', RETENTION_DAYS.jobs, 1);
    // Packs never end: a result names the one that it was made with.
    this.reference = encrypted('Reference', 'reference/', undefined, POINTER_DAYS);
    // Compliance mode cannot be undone by anybody, so it is for where the evidence counts. Elsewhere a day, which who may
    // bypass it can lift.
    const locked = (days: number): BucketProps => ({
      objectLockEnabled: true,
      objectLockDefaultRetention: props.stage.sealForYears
        ? ObjectLockRetention.compliance(Duration.days(days))
        : ObjectLockRetention.governance(Duration.days(1)),
      // What is locked cannot be emptied, so a deleted stage leaves it behind.
      ...(!props.stage.laptop && { removalPolicy: RemovalPolicy.RETAIN, autoDeleteObjects: false }),
    });
    const sealedDays = props.stage.sealForYears ? SEALED_DAYS : undefined;
    this.audit = encrypted('Audit', 'audit/', sealedDays, SEALED_DAYS, locked(SEALED_DAYS));
    this.backup = encrypted('Backup', 'backup/', undefined, NONCURRENT_DAYS, {
      // As long as the backups of tables: what is erased must be gone from everything after that.
      ...locked(KEPT_DAYS),
      lifecycleRules: [
        ...[ROOTS.backups, ROOTS.changes].map((root) => expiring(root, KEPT_DAYS)),
        ...[ROOTS.years, ROOTS.catalogue, ROOTS.drills].map((root) => expiring(root, MONTHLY_DAYS)),
      ],
    });
    this.#acknowledge();
  }

  #acknowledge(): void {
    acknowledge(this, {
      'HIPAA.Security-S3BucketReplicationEnabled':
        'In which regions patient data may lie is the deployer’s decision; versions and point-in-time recovery protect what lies here.',
    });
    acknowledge(this.accessLogs, {
      'HIPAA.Security-S3DefaultEncryptionKMS':
        'S3 server access logs can only be delivered to a bucket with SSE-S3 as default encryption.',
    });
  }
}
