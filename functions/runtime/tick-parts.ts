import { sqsClient } from '#shared/adapters/clients.ts';
import { createDueBuckets } from '#shared/adapters/due-buckets.ts';
import { createTickQueue } from '#shared/adapters/tick-queue.ts';
import type { DueBuckets, TickQueue } from '#shared/operations/ports.ts';
import { type Base, countVariable } from './base.ts';
import type { FieldKeys } from './field-keys.ts';

export const dueBuckets = (base: Base, { dynamo }: Pick<FieldKeys, 'dynamo'>): DueBuckets =>
  createDueBuckets({
    client: dynamo,
    table: base.variable('RECORDS_TABLE'),
    shards: countVariable(base, 'DUE_SHARDS'),
  });

export const tickQueue = (base: Base): TickQueue =>
  createTickQueue(sqsClient(base.clients), base.variable('TICK_QUEUE_URL'));
