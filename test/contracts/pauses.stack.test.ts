import { paginateScan } from '@aws-sdk/client-dynamodb';
import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { createJobStore } from '#shared/adapters/job-store.ts';
import { createOpenJobs } from '#shared/adapters/open-jobs.ts';
import { createPriorityPauses } from '#shared/adapters/priority-pauses.ts';
import { createWorkerIntake } from '#shared/adapters/worker-intake.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { openJobsContract } from './open-jobs-contract.ts';
import { priorityPausesContract } from './priority-pauses-contract.ts';
import { NOW, unique } from './sample-jobs.ts';
import { workerIntakeContract } from './worker-intake-contract.ts';

const stack = useStack();
const clock = () => NOW;
const made: EmulatedTables[] = [];
let shared: EmulatedTables;

async function newTables(): Promise<EmulatedTables> {
  const tables = await createEmulatedTables(clock);
  made.push(tables);
  return tables;
}

beforeAll(async () => {
  shared = await newTables();
});
afterAll(async () => {
  for (const tables of made) await tables.delete();
});

// The rows have fixed keys, so each test gets tables in which nothing was ever paused.
priorityPausesContract('DynamoDB', async () => {
  const { dynamo: client, tables, pseudonymize } = await newTables();
  return {
    pauses: createPriorityPauses({ client, tables, pseudonymize }),
    audited: async (correlationId) => {
      const actions: string[] = [];
      for await (const page of paginateScan({ client }, { TableName: tables.audit }))
        for (const item of page.Items ?? [])
          if (item['correlationId']?.S === correlationId) actions.push(item['action']?.S ?? '');
      return actions;
    },
  };
});

openJobsContract('DynamoDB', async () => {
  const { dynamo: client, tables, pseudonymize, cipher } = shared;
  const shards = { watch: 3, outcome: 2 };
  return {
    store: createJobStore({ client, tables, cipher, pseudonymize, clock, shards }),
    openJobs: createOpenJobs({ client, table: tables.jobs, watchShards: shards.watch }),
  };
});

/** A mapping of an empty queue of its own, so that nothing of the stack is paused. */
async function newMapping(): Promise<string> {
  const { lambda, sqs } = stack.clients;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: unique('intake') }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const { UUID = '' } = await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: stack.stack.functions['worker/LOW'],
      EventSourceArn: Attributes?.['QueueArn'],
    }),
  );
  return UUID;
}

workerIntakeContract('Lambda', async () => {
  const [CRITICAL, HIGH, MEDIUM, LOW] = [
    await newMapping(),
    await newMapping(),
    await newMapping(),
    await newMapping(),
  ];
  return createWorkerIntake({ client: stack.clients.lambda, mappingIds: { CRITICAL, HIGH, MEDIUM, LOW } });
});
