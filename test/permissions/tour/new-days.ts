import { setTimeout as sleep } from 'node:timers/promises';
import { DisableRuleCommand, EnableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { recordedAwsCalls } from '#infra/local/hooks/laptop-hooks.ts';
import type { FunctionName } from '#shared/contract/functions.ts';
import { breakGlass, recheck } from './clinicians.ts';
import { type Guide, later, type Stack, tickShards, USER } from './guide.ts';
import { imports } from './requests.ts';

/** Each function that seals, on a day on which it is the first: nothing else runs meanwhile but what the tour asks for. */
export async function newDays(guide: Guide): Promise<void> {
  const { events } = guide.stack.clients;
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const scheduled = Rules.filter(
    ({ ScheduleExpression, State }) => ScheduleExpression && State === 'ENABLED',
  );
  for (const { Name } of scheduled) await events.send(new DisableRuleCommand({ Name }));
  try {
    await firstOfDays(guide);
  } finally {
    for (const { Name } of scheduled) await events.send(new EnableRuleCommand({ Name }));
  }
}

async function firstOfDays(guide: Guide): Promise<void> {
  const { stack, token, atEachPriority, ended, takes } = guide;
  await stack.invoke('operations-widget', {});
  // Queued jobs of each priority whose messages do not come, so that the reconciler sends them.
  await firstToSeal(guide, 'worker', async (nextDay) => {
    const jobs = await atEachPriority({ run_at: await later(stack, 600) });
    await nextDay();
    await stack.invoke('reconciler');
    await Promise.all(jobs.map(({ jobId }) => ended(jobId)));
  });
  await firstToSeal(guide, 'users-api', async (nextDay) => {
    await ended(await takes('med-stopped', ['08:00']));
    await nextDay();
    const stopped = await stack.call('DELETE', `/users/${USER}/medications/med-stopped`, { token });
    if (stopped.status !== 200) throw new Error(`Not stopped: ${JSON.stringify(stopped.body)}`);
  });
  await firstToSeal(guide, 'imports-api', async (nextDay) => {
    await nextDay();
    await imports(guide, `day-${await later(stack, 0)}`);
  });
  await firstToSeal(guide, 'break-glass-api', async (nextDay) => {
    await nextDay();
    await breakGlass(guide, USER);
  });
  await firstToSeal(guide, 'interactions-api', async (nextDay) => {
    const token = await stack.token('pharmacist', 'tour-pharmacist', { careFor: [USER] });
    const day = (await nextDay()).slice(0, 10);
    await recheck(guide, token, day);
  });
  await firstToSeal(guide, 'recurring', async (nextDay) => {
    const time = await nextDay();
    await stack.invoke('recurring', { run: 'hourly-roll-up', time });
  });
  // A dose in two to three minutes of each day: today's is made with the schedule, tomorrow's is made by the tick.
  await firstToSeal(guide, 'tick-shard', async (nextDay) => {
    await ended(await takes('med-ticked', [(await later(stack, 180)).slice(11, 16)]));
    await nextDay();
    await tickShards(stack);
  });
}

const MOST_DAYS = 6;

/** What was under way when the schedules were stopped may still come first on a day; then the next day is tried. */
async function firstToSeal(
  { stack }: Guide,
  name: FunctionName,
  act: (nextDay: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const made = () =>
    recordedAwsCalls(stack.stack.hooksDir).some(
      ({ by, command, about }) =>
        command === 'GenerateDataKeyWithoutPlaintextCommand' &&
        about.EncryptionContext?.['purpose'] === 'field' &&
        Object.entries(stack.stack.functions).some(([id, own]) => own === by && id.split('/')[0] === name),
    );
  for (let days = 0; days < MOST_DAYS; days += 1) {
    await act(async () => {
      await drained(stack);
      return stack.clock.advance('P1D');
    });
    const isMade = made();
    // Day by day: a shard that has slept for several could not catch up in one run of a busy machine.
    await tickShards(stack);
    if (isMade) return;
  }
  throw new Error(`On none of ${MOST_DAYS} days ${name} was the first to seal.`);
}

/** Until no worker has anything to do: on a new day it would seal what it did. */
async function drained({ clients: { sqs }, stack }: Stack): Promise<void> {
  const AttributeNames: QueueAttributeName[] = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
  ];
  for (let tries = 0; tries < 120; tries += 1) {
    const depths = Object.values(stack.queues).map(async ({ url: QueueUrl }) => {
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return Object.values(Attributes).reduce((sum, depth) => sum + Number(depth), 0);
    });
    if ((await Promise.all(depths)).every((depth) => depth === 0)) return;
    await sleep(500);
  }
}
