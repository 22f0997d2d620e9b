import { Names, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stages.ts';
import { DEAD_LETTER_CONCURRENCY } from './concurrency.ts';
import type { JobFunction } from './job-function.ts';
import type { JobFunctions } from './job-functions.ts';
import type { JobQueues } from './job-queues.ts';

/** What Lambda does with a queue in the name of a consumer's role. */
const CONSUMING = [
  'sqs:ReceiveMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueUrl',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
];

/** The mapping between a priority's queue and its worker: who pauses the priority switches it off. */
export type WorkerMappings = Readonly<Record<Priority, EventSourceMapping>>;

/** The workers and their queues. */
export function connectWorkers(
  stage: Stage,
  queues: JobQueues,
  workers: Readonly<Record<Priority, JobFunction>>,
): WorkerMappings {
  const connect = (priority: Priority) =>
    consume(workers[priority], queues.byPriority[priority].source, stage.workerConcurrency[priority]);
  return {
    CRITICAL: connect('CRITICAL'),
    HIGH: connect('HIGH'),
    MEDIUM: connect('MEDIUM'),
    LOW: connect('LOW'),
  };
}

/** Which function consumes which of the other queues. */
export function connectQueues(stage: Stage, queues: JobQueues, functions: JobFunctions): void {
  for (const priority of PRIORITY_NAMES)
    consume(functions.deadLetter, queues.byPriority[priority].deadLetters, DEAD_LETTER_CONCURRENCY);
  consume(functions.tickShard, queues.tick, stage.tickConcurrency);
}

/**
 * The CDK's own grant would let the role decrypt whatever the data key encrypts. Lambda receives messages in the name of
 * the role, and it is SQS that asks the key. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
function letConsume(fn: JobFunction, queue: IQueue): void {
  const allow = (actions: string[], resources: string[], conditions: object = {}) =>
    fn.lambda.addToRolePolicy(new PolicyStatement({ actions, resources, conditions: { ...conditions } }));
  allow(CONSUMING, [queue.queueArn]);
  if (!queue.encryptionMasterKey) return;
  const through = `sqs.${Stack.of(fn).region}.amazonaws.com`;
  const conditions = { StringEquals: { 'kms:ViaService': through } };
  allow(['kms:Decrypt'], [queue.encryptionMasterKey.keyArn], conditions);
}

/**
 * One message at a time: a record that is handed back out of a batch would burn one of its receives. Concurrency is
 * limited at the event source, because a throttled function burns receives too.
 */
function consume(fn: JobFunction, queue: IQueue, maxConcurrency: number): EventSourceMapping {
  const source = fn.lambda.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(queue.node)}`, {
    eventSourceArn: queue.queueArn,
    batchSize: 1,
    maxConcurrency,
    reportBatchItemFailures: true,
  });
  letConsume(fn, queue);
  acknowledge(fn, {
    'Serverless-LambdaEventSourceMappingDestination':
      'AWS offers failure destinations of mappings for streams only; this is a queue, and its redrive policy keeps what fails.',
  });
  return source;
}
