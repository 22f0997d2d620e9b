import { Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { TABLES, type TableName } from '#shared/contract/tables.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stages.ts';
import type { JobFunction } from './job-function.ts';
import type { Resources } from './resources.ts';

/** Changes that one object of the log holds at most; Lambda hands over 6 MB at most. */
const BATCH = 1_000;
/** What a restore may lose at most of the last changes, beside the time that writing takes. */
const WINDOW = Duration.seconds(30);
/** Nobody waits for a minute on a laptop. */
const LAPTOP_WINDOW = Duration.seconds(1);

/**
 * Each change of the streamed tables goes to the change log. A batch that cannot be written is tried again until the stream
 * forgets it, after a day; then a message tells which one. It is never cut into smaller ones: a log with the end of a batch
 * and without its beginning would replay wrongly.
 */
export function connectStreams(stage: Stage, { tables, queues }: Resources, fn: JobFunction): void {
  const { lostEvents } = queues;
  fn.role.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [lostEvents.queueArn] }),
  );
  const streamed = (Object.keys(TABLES) as TableName[]) // Object.keys forgets the literal type.
    .filter((name) => TABLES[name].streamed);
  for (const name of streamed) {
    const table = tables.byName[name];
    fn.lambda.addEventSource(
      // The class and its own interface differ under exactOptionalPropertyTypes.
      new DynamoEventSource(table as ITable, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: BATCH,
        maxBatchingWindow: stage.laptop ? LAPTOP_WINDOW : WINDOW,
        onFailure: { bind: () => ({ destination: lostEvents.queueArn }) },
      }),
    );
    const stack = Stack.of(table);
    const imported: unknown = stack.resolve(stack.exportValue(table.tableArn));
    const exported = /"Fn::ImportValue":"([^"]+)"/.exec(JSON.stringify(imported))?.[1] ?? '';
    acknowledge(fn, {
      [`AwsSolutions-IAM5[Resource::${exported}/stream/*]`]:
        'Streams are named by DynamoDB when they are made; the table whose streams are listed is named exactly.',
    });
  }
}
