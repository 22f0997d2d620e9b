import { createArchive } from '#shared/adapters/archive.ts';
import {
  eventsClient,
  kmsClient,
  patientLambdaClient,
  s3Client,
  snsClient,
  sqsClient,
} from '#shared/adapters/clients.ts';
import { createEventReader } from '#shared/adapters/event-reader.ts';
import type { FieldCipher } from '#shared/adapters/field-cipher.ts';
import { createMessageLease } from '#shared/adapters/message-lease.ts';
import { createOutcomeReader } from '#shared/adapters/outcome-reader.ts';
import { createPublisher } from '#shared/adapters/publisher.ts';
import { createReferenceSource } from '#shared/adapters/reference-source.ts';
import { createRestoreDrill } from '#shared/adapters/restore-drill.ts';
import { createTableExports } from '#shared/adapters/table-exports.ts';
import { BUILT_IN } from '#shared/clinical/reference/reference.ts';
import { referenceWith } from '#shared/clinical/reference/reference-with.ts';
import { QUEUE_VARIABLES } from '#shared/contract/environment.ts';
import { METRICS } from '#shared/contract/metrics.ts';
import type {
  Archive,
  EventReader,
  OutcomeReader,
  Publisher,
  ReferenceSource,
  RestoreDrill,
  TableExports,
} from '#shared/jobs/ports.ts';
import { isPriority } from '#shared/lifecycle/priority.ts';
import type { MessageLease } from '#shared/operations/ports.ts';
import { type Base, countVariable } from './base.ts';
import type { FieldKeys } from './field-keys.ts';

// Parts that only attempts use.

export const outcomeReader = (base: Base, { dynamo }: FieldKeys, cipher: FieldCipher): OutcomeReader =>
  createOutcomeReader({
    client: dynamo,
    table: base.variable('JOBS_TABLE'),
    outcomeShards: countVariable(base, 'OUTCOME_SHARDS'),
    cipher,
    clock: base.clock,
  });

export const eventReader = (base: Base, { dynamo }: FieldKeys, cipher: FieldCipher): EventReader =>
  createEventReader({
    client: dynamo,
    table: base.variable('JOBS_TABLE'),
    outcomeShards: countVariable(base, 'OUTCOME_SHARDS'),
    cipher,
    clock: base.clock,
  });

export const archive = (base: Base, { dynamo }: FieldKeys): Archive =>
  createArchive({
    dynamo,
    s3: s3Client(base.clients),
    kms: kmsClient(base.clients),
    tables: { jobs: base.variable('JOBS_TABLE'), records: base.variable('RECORDS_TABLE') },
    resultsBucket: base.variable('RESULTS_BUCKET'),
    bucket: base.variable('BACKUP_BUCKET'),
    signingKeyId: base.variable('BACKUP_KEY_ARN'),
  });

/** `undefined`: the deployer has not chosen DynamoDB's own exports. */
export const tableExports = (base: Base, { dynamo }: FieldKeys): TableExports | undefined =>
  createTableExports(dynamo, base.variable('BACKUP_BUCKET'), base.variable('BACKUP_EXPORTS'));
export const drill = (base: Base): RestoreDrill =>
  createRestoreDrill(patientLambdaClient(base.clients), base.variable('DRILL_FUNCTION'));

export const reference = (base: Base): ReferenceSource =>
  createReferenceSource({
    s3: s3Client(base.clients),
    bucket: base.variable('REFERENCE_BUCKET'),
    builtIn: BUILT_IN,
    open: referenceWith,
    log: base.log,
    clock: base.clock,
    onUnusable: () => base.metrics.add(METRICS.referenceUnusable, 1, 'Count'),
  });

export const publisher = (base: Base): Publisher =>
  createPublisher({
    sns: snsClient(base.clients),
    events: eventsClient(base.clients),
    topicArn: base.variable('TOPIC_ARN'),
    busName: base.variable('BUS_NAME'),
  });

/** The hold on messages of this worker's own queue. */
export function messageLease(base: Base): MessageLease {
  const priority = base.variable('PRIORITY');
  if (!isPriority(priority)) throw new Error('PRIORITY names no priority.');
  return createMessageLease(sqsClient(base.clients), base.variable(QUEUE_VARIABLES[priority]));
}
