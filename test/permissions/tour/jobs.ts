import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import { type Body, ENDED, eventOf, type Guide, later, type Stack, SUPPLY, USER } from './guide.ts';

/** Each priority paused and resumed; in between somebody opens its intake behind everybody's back. */
export async function pauses({ stack }: Guide): Promise<void> {
  const token = await stack.token('operator', 'tour-operator');
  const change = async (priority: Priority, verb: 'pause' | 'resume') => {
    const body = verb === 'pause' ? { body: { confirm: priority } } : {};
    const { status } = await stack.call('POST', `/priorities/${priority}/${verb}`, { token, ...body });
    if (status !== 200) throw new Error(`${verb} of ${priority} was answered with ${status}.`);
  };
  await stack.call('GET', '/priorities', { token });
  await stack.call('GET', '/priorities', { token: 'nonsense' });
  for (const priority of PRIORITY_NAMES) {
    await change(priority, 'pause');
    await openIntake(stack, priority);
    await stack.invoke('reconciler');
    await change(priority, 'resume');
    await stack.invoke('reconciler');
  }
}

async function openIntake({ clients: { lambda }, stack }: Stack, priority: Priority): Promise<void> {
  const FunctionName = stack.functions[`worker/${priority}`];
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  );
  for (const { UUID } of EventSourceMappings)
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
}

const runningLow = (priority: Priority): string => `med-low-${priority}`;

/** Each public kind at each of its priorities, and one job that is tried twice. */
export async function submissions({ stack, token, submit, ended, takes }: Guide): Promise<void> {
  await ended(await takes(SUPPLY.medication_id, ['08:00']));
  await ended(await submit('refill-check', { ...SUPPLY, current_supply: 1 }));
  for (const priority of PRIORITY_NAMES) {
    const running = { ...SUPPLY, medication_id: runningLow(priority), current_supply: 1 };
    await ended(await takes(running.medication_id, ['08:00']));
    await ended(await submit('refill-check', running));
  }
  const about = (name: string, priority: Priority): Body => {
    if (name === 'refill-check') return SUPPLY;
    if (name === 'interaction-check') return { include_current: true };
    // Of its own for each priority: a change of urgency is told once.
    return name === 'supply-monitor' ? { medications: [runningLow(priority)] } : {};
  };
  for (const { name, priorities, example } of PUBLIC_KINDS) {
    const user = 'user_id' in example ? { user_id: USER } : {};
    const jobs = priorities.map((priority) =>
      submit(name, { ...example, ...user, ...about(name, priority), priority }),
    );
    await Promise.all((await Promise.all(jobs)).map(ended));
  }
  stack.fault('interaction-check', 'error');
  const twice = await submit('interaction-check', { user_id: USER, medications: ['aspirin', 'warfarin'] });
  await ended(twice);
  await stack.call('GET', `/jobs/${twice}`, { token });
}

/** Dead letters of jobs that have attempts left, and of jobs that have none; then a person retries, or cancels. */
export async function failures({ stack, token, alter, submit, atEachPriority }: Guide): Promise<void> {
  const jobs = await atEachPriority({ run_at: soon() });
  for (const { jobId, priority } of jobs) {
    const event = eventOf(jobId, 'refill-check', priority);
    await stack.invoke('dead-letter', event);
    await alter(jobId, 'attempt', { N: '99' });
    await stack.invoke('dead-letter', event);
    await stack.waitForJob(jobId, token, ['failed'], 2);
    const answer = await stack.call('POST', `/jobs/${jobId}/retry`, { token });
    if (answer.status !== 202) throw new Error(`Not retried: ${JSON.stringify(answer.body)}`);
  }
  const unwanted = await submit('refill-check', { ...SUPPLY, run_at: soon() });
  await stack.call('POST', `/jobs/${unwanted}/cancel`, { token });
  await stack.waitForJob(unwanted, token, ['cancelled'], 2);
}

/** Ten minutes ahead: the job is queued, and its message is kept back by SQS for longer than the tour takes. */
const soon = (): string => new Date(Date.now() + 600_000).toISOString();

/** A parent that still waits though its children have ended; one of them left no result, so it fails. */
export async function lostParent({ stack, token, submit, alter, ended }: Guide): Promise<void> {
  stack.fault('backup-segment', 'error');
  const storage = { type: 's3', path: 'tour' };
  const jobId = await submit('backup', { backup_type: 'full', storage_config: storage });
  const { child_job_ids: children } = await stack.waitForJob(jobId, token, ['waiting']);
  const views = (children as readonly string[]).map(async (child) => ({
    child,
    view: await stack.waitForJob(child, token, ['retrying', ...ENDED]),
  }));
  for (const { child, view } of await Promise.all(views))
    if (view['status'] === 'retrying') await alter(child, 'status', { S: 'succeeded' });
  await stack.clock.advance('PT2H');
  await stack.invoke('reconciler');
  await ended(jobId);
}

/** A look at everybody's supply, as each day. */
export async function sweep({ stack, ended }: Guide): Promise<void> {
  await stack.invoke('recurring', { run: 'daily-supply-sweep', time: await later(stack, 0) });
  const rows = (await stack.items('jobs')).filter(
    (item) => item['kind'] === 'supply-sweep' && item[SORT_KEY] === 'ROW',
  );
  const ids = new Set(rows.map((item) => String(item[PARTITION_KEY]).replace('JOB#', '')));
  if (ids.size === 0) throw new Error('There is no supply-sweep.');
  await Promise.all([...ids].map(ended));
}

/** Scheduled jobs of each priority, when their time has come. */
export async function releases({ stack, atEachPriority, ended }: Guide): Promise<void> {
  const jobs = await atEachPriority({ run_at: await later(stack, 86_400) });
  await stack.clock.advance('P1DT1M');
  await stack.invoke('tick');
  await Promise.all(jobs.map(({ jobId }) => ended(jobId)));
}
