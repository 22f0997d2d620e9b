import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import type { Stage } from '../stages.ts';
import { DEAD_LETTER_CONCURRENCY } from './concurrency.ts';
import type { JobFunction } from './job-function.ts';
import type { JobFunctions } from './job-functions.ts';
import type { JobQueues } from './job-queues.ts';

/** Which function consumes which queue. */
export function connectQueues(stage: Stage, queues: JobQueues, functions: JobFunctions): void {
  for (const priority of PRIORITY_NAMES) {
    const { source, deadLetters } = queues.byPriority[priority];
    consume(functions.workers[priority], source, stage.workerConcurrency[priority]);
    consume(functions.deadLetter, deadLetters, DEAD_LETTER_CONCURRENCY);
  }
  consume(functions.tickShard, queues.tick, stage.tickConcurrency);
}

/**
 * One message at a time: a record that is handed back out of a batch would burn one of its receives. Concurrency is
 * limited at the event source, because a throttled function burns receives too.
 */
function consume(fn: JobFunction, queue: IQueue, maxConcurrency: number): void {
  fn.lambda.addEventSource(
    new SqsEventSource(queue, { batchSize: 1, maxConcurrency, reportBatchItemFailures: true }),
  );
}
