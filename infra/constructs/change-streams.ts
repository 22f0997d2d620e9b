import { Duration } from 'aws-cdk-lib';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { pascal } from '../outputs.ts';
import type { Stage } from '../stages.ts';
import type { JobFunction } from './job-function.ts';
import { streamedTables } from './job-tables.ts';
import type { Resources } from './resources.ts';

/** Changes that one object of the log holds at most; Lambda hands over 6 MB at most. */
const BATCH = 1_000;
/** What a restore may lose at most of the last changes, beside the time that writing takes. */
const WINDOW = Duration.seconds(30);
/** Nobody waits for long on a laptop. */
const LAPTOP_WINDOW = Duration.seconds(1);

/**
 * Each change of the streamed tables goes to the change log. A batch that cannot be written is tried again until the stream
 * forgets it, after a day; then a message tells which one. It is never cut into smaller ones: a log with the end of a batch
 * and without its beginning would replay wrongly.
 */
export function connectStreams(stage: Stage, { tables, queues }: Resources, fn: JobFunction): void {
  for (const [name, { streamArn }] of streamedTables(tables))
    fn.lambda.addEventSourceMapping(`${pascal(name)}Stream`, {
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH,
      maxBatchingWindow: stage.laptop ? LAPTOP_WINDOW : WINDOW,
      onFailure: { bind: () => ({ destination: queues.lostEvents.queueArn }) },
    });
}
