import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { stackIn } from '#infra/local/testing/use-stack.ts';
import { STAGES } from '#infra/stages.ts';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { messageOf } from '#shared/lifecycle/job-row.ts';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import { isTerminal, STATUSES } from '#shared/lifecycle/transitions.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';

export type Stack = ReturnType<typeof stackIn>;
export type Body = Readonly<Record<string, unknown>>;

export const USER = 'permissions-tour';
const DUE_SHARDS = STAGES.local.shards.due;
export const ENDED = STATUSES.filter(isTerminal);
/** Every queue is sent to and emptied at least once, so these jobs come at each priority. */
export const SUPPLY = { user_id: USER, medication_id: 'med-counted', current_supply: 30 };

/** What every part of the tour uses. */
export async function guideOf(stack: Stack) {
  const token = await stack.token('service', 'tour-service');
  const submit = async (kind: string, body: Body): Promise<string> => {
    const answer = await stack.call('POST', `/jobs/${kind}`, { token, body });
    const { job_id: jobId } = answer.body as { job_id?: string }; // every answer of this API is a JSON object
    if (jobId === undefined) throw new Error(`${kind} was not accepted: ${JSON.stringify(answer.body)}`);
    return jobId;
  };
  return {
    stack,
    token,
    submit,
    ended: (jobId: string) => stack.waitForJob(jobId, token, ENDED, 60),
    takes: async (medication: string, times: readonly string[]) =>
      submit('medication-reminder', {
        user_id: USER,
        medication_id: medication,
        schedule: { frequency: 'QD', times, time_zone: 'UTC' },
      }),
    atEachPriority: (more: Body) =>
      Promise.all(
        PRIORITY_NAMES.map(async (priority) => ({
          priority,
          jobId: await submit('refill-check', { ...SUPPLY, priority, ...more }),
        })),
      ),
    /** Changes a job behind the back of the functions, as no function would. */
    alter: (jobId: string, attribute: string, value: { S: string } | { N: string }) =>
      stack.clients.dynamo.send(
        new UpdateItemCommand({
          TableName: stack.stack.tables.jobs,
          Key: { [PARTITION_KEY]: { S: `JOB#${jobId}` }, [SORT_KEY]: { S: 'ROW' } },
          UpdateExpression: 'SET #attribute = :value',
          ExpressionAttributeNames: { '#attribute': attribute },
          ExpressionAttributeValues: { ':value': value },
        }),
      ),
  };
}

export type Guide = Awaited<ReturnType<typeof guideOf>>;

export const eventOf = (jobId: string, kind: string, priority: Priority) =>
  sqsEvent(messageOf({ jobId, kind, priority, generation: 1 }));

export async function tickShards(stack: Stack): Promise<void> {
  for (let shard = 0; shard < DUE_SHARDS; shard += 1)
    await stack.invoke('tick-shard', sqsEvent({ v: 1, shard }));
}

export const later = async (stack: Stack, seconds: number): Promise<string> =>
  new Date(Date.parse(await stack.clock.advance('PT0S')) + seconds * 1000).toISOString();
