import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DisableRuleCommand, EnableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { recordedAwsCalls } from '#infra/local/hooks/laptop-hooks.ts';
import type { useStack } from '#infra/local/testing/use-stack.ts';
import { STAGES } from '#infra/stages.ts';
import type { FunctionName } from '#shared/contract/functions.ts';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { messageOf } from '#shared/lifecycle/job-row.ts';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import { isTerminal, STATUSES } from '#shared/lifecycle/transitions.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';

export type Stack = ReturnType<typeof useStack>;
type Body = Readonly<Record<string, unknown>>;

const USER = 'permissions-tour';
const DUE_SHARDS = STAGES.local.shards.due;
const ENDED = STATUSES.filter(isTerminal);
/** Every queue is sent to and emptied at least once, so these jobs come at each priority. */
const SUPPLY = { user_id: USER, medication_id: 'med-counted', current_supply: 30 };

/**
 * Makes every function do everything that it can do, so that the recording of AWS calls shows what each one needs. It
 * moves the clock by days: the first function that seals on a day has to make that day's key.
 */
export async function tour(stack: Stack): Promise<void> {
  const guide = await guideOf(stack);
  // From here on the shards read every minute; one that has never been read begins where the clock stands then.
  await tickShards(stack);
  await requests(guide);
  await pauses(guide);
  await submissions(guide);
  await audits(guide);
  // After them: who seals first on a day makes its key, and on the first day that is submit-job.
  await records(guide);
  await imports(guide);
  await interactions(guide);
  await breakGlass(guide, 'permissions-opened');
  await failures(guide);
  await delivery(guide);
  await sweep(guide);
  await lostParent(guide);
  await backups(guide);
  await drill(guide);
  await releases(guide);
  await newDays(guide);
  // The clock stands days ahead of any hour that is sealed; the second run reads what the first has left.
  const jobId = await guide.submit('refill-check', SUPPLY);
  await guide.ended(jobId);
  await stack.invoke('audit-seal');
  await stack.clock.advance('PT2H');
  await sealUpTo(guide, jobId);
  // Last: it moves the clock by a week, and no shard could catch up with that.
  await rights(guide);
}

/** A run seals a day at most. How many days the tour has gone through depends on who came first on each of them. */
const MOST_RUNS = 60;

async function sealUpTo({ stack, token }: Guide, jobId: string): Promise<void> {
  for (let run = 0; run < MOST_RUNS; run += 1) {
    await stack.invoke('audit-seal');
    const { status, body } = await stack.call('GET', `/jobs/${jobId}/receipt`, { token });
    const { proofs = [] } = body as { proofs?: readonly unknown[] }; // its documented shape
    if (status === 200 && proofs.length >= 2) return;
  }
  throw new Error('No receipt had proofs.');
}

/** Puts the clock back, and takes away the messages that still wait for their time: other tests look into the queues. */
export async function endTour(stack: Stack): Promise<void> {
  await stack.resetHooks();
  for (const { url, deadLetterUrl } of Object.values(stack.stack.queues))
    for (const QueueUrl of [url, deadLetterUrl])
      await stack.clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
}

/** What every part of the tour uses. */
async function guideOf(stack: Stack) {
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

type Guide = Awaited<ReturnType<typeof guideOf>>;

const eventOf = (jobId: string, kind: string, priority: Priority) =>
  sqsEvent(messageOf({ jobId, kind, priority, generation: 1 }));

/** Everything but submissions: also what leaves nothing but the evidence of a refusal. */
async function requests({ stack, token }: Guide): Promise<void> {
  const operator = await stack.token('operator', 'tour-operator');
  const patient = await stack.token('patient', USER);
  await stack.call('GET', '/health', { token: operator });
  await stack.call('GET', '/health', { token: 'nonsense' });
  await stack.call('GET', '/no-such-route', { token });
  await stack.call('GET', '/jobs', { token: patient });
  await stack.call('GET', '/jobs', { token: await stack.token('caregiver', 'tour-caregiver') });
  await stack.call('GET', '/jobs', { token });
  // A full page of open jobs would end the list before the ended ones.
  await stack.call('GET', '/jobs?status=succeeded', { token });
  await stack.call('GET', '/jobs', { token: 'nonsense' });
  await stack.call('POST', '/jobs/refill-check', { token: 'nonsense', body: {} });
  await stack.call('DELETE', `/users/${USER}/medications/none`, { token: 'nonsense' });
}

/** The trail by each of its indexes, and what an auditor is refused. */
async function audits({ stack, token, submit, ended }: Guide): Promise<void> {
  const auditor = await stack.token('auditor', 'tour-auditor');
  const jobId = await submit('refill-check', SUPPLY);
  await ended(jobId);
  const answers = [
    await stack.call('GET', `/jobs/${jobId}/evidence`, { token }),
    await stack.call('GET', `/jobs/${jobId}/audit`, { token: auditor }),
    await stack.call('GET', `/users/${USER}/audit?format=fhir`, { token: auditor }),
    await stack.call('GET', '/audit?actor=system:worker', { token: auditor }),
    await stack.call('POST', '/audit/search', { token: auditor, body: { actor_id: 'tour-service' } }),
  ];
  const failed = answers.filter(({ status }) => status !== 200);
  if (failed.length > 0) throw new Error(`The trail was not shown: ${JSON.stringify(failed)}`);
  await stack.call('GET', '/audit', { token: 'nonsense' });
}

/** Each priority paused and resumed; in between somebody opens its intake behind everybody's back. */
async function pauses({ stack }: Guide): Promise<void> {
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
async function submissions({ stack, token, submit, ended, takes }: Guide): Promise<void> {
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

/** Reads and writes of records. The first that is known of this user comes from here, so their secret does, too. */
async function records({ stack, token }: Guide): Promise<void> {
  const path = '/users/permissions-first';
  const member = { member_id: 'tour-doctor', scope: ['see_supply'], consented_at: '2026-01-01T00:00:00Z' };
  const answers = [
    await stack.call('PUT', `${path}/preferences`, { token, body: { time_zone: 'UTC' } }),
    // Another zone: a job has the schedules follow it.
    await stack.call('PUT', `${path}/preferences`, {
      token,
      headers: { 'if-match': '"1"' },
      body: { time_zone: 'Europe/Berlin' },
    }),
    await stack.call('PUT', `${path}/medications/med-first`, { token, body: { name: 'aspirin' } }),
    await stack.call('GET', `${path}/preferences`, { token }),
    await stack.call('PUT', `${path}/care-team`, { token, body: { care_team: [member] } }),
    await stack.call('GET', `${path}/care-team`, { token }),
    await stack.call('GET', `${path}/medications`, { token }),
    await stack.call('GET', `${path}/reminders`, { token }),
  ];
  const failed = answers.filter(({ status }) => status !== 200);
  if (failed.length > 0) throw new Error(`Records were not served: ${JSON.stringify(failed)}`);
}

/** An import of a user of whom nothing is known, and its report; the chunk writes a medication. */
async function imports({ stack, ended }: Guide, name = 'first'): Promise<void> {
  // Of a professional the care teams are read.
  const token = await stack.token('clinician', 'tour-clinician', { careFor: ['permissions-imported'] });
  const line = {
    user_id: 'permissions-imported',
    medication_id: `med-${name.replaceAll(/[^\w]/g, '-')}`,
    schedule: { frequency: 'QD', times: ['08:00'], time_zone: 'UTC' },
    medication: { name: 'aspirin' },
  };
  const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': `tour-${name}` };
  const { status, body } = await stack.call('POST', '/imports', {
    token,
    headers,
    text: JSON.stringify(line),
  });
  if (status !== 202) throw new Error(`Not imported: ${JSON.stringify(body)}`);
  const { import_id: importId } = body as { import_id: string }; // its documented shape
  await ended(importId);
  const report = await stack.call('GET', `/imports/${importId}`, { token });
  if (report.status !== 200) throw new Error(`No report: ${JSON.stringify(report.body)}`);
  await stack.call('POST', '/imports', { token: 'nonsense' });
}

/** A check whose findings are released, found again by its rule, and run again. */
async function interactions({ stack, submit, ended }: Guide, name = 'first'): Promise<void> {
  const token = await stack.token('pharmacist', 'tour-pharmacist', { careFor: [USER] });
  const patient = await stack.token('patient', USER);
  const medications = ['Zocor', 'clarithromycin'];
  const jobId = await submit('interaction-check', { user_id: USER, medications });
  await ended(jobId);
  const body = { findings: 'all', note: `A note of the ${name}.` };
  const released = await stack.call('POST', `/jobs/${jobId}/release`, { token, body });
  if (released.status !== 200) throw new Error(`Not released: ${JSON.stringify(released.body)}`);
  await stack.call('GET', `/jobs/${jobId}`, { token: patient });
  const rule = 'label-simvastatin-contraindicated';
  const found = await stack.call('GET', `/interaction-results?rule=${rule}`, { token });
  if (found.status !== 200) throw new Error(`Not found: ${JSON.stringify(found.body)}`);
  await stack.call('GET', `/interaction-results?rule=${rule}`, { token: 'nonsense' });
  await recheck({ stack, ended }, token, name);
}

async function recheck(
  { stack, ended }: Pick<Guide, 'stack' | 'ended'>,
  token: string,
  name: string,
): Promise<void> {
  const { status, body } = await stack.call('POST', '/interaction-results/recheck', {
    token,
    headers: { 'idempotency-key': `tour-${name}` },
    body: { rule: 'label-simvastatin-contraindicated' },
  });
  if (status !== 202) throw new Error(`Not accepted: ${JSON.stringify(body)}`);
  await ended((body as { job_id: string }).job_id); // its documented shape
}

/** Emergency access: opened, used, listed, looked at, ended, judged. */
async function breakGlass({ stack, ended }: Guide, userId: string): Promise<void> {
  const token = await stack.token('clinician', 'tour-clinician');
  const auditor = await stack.token('auditor', 'tour-auditor');
  const call = async (as: string, method: string, path: string, body?: Body) => {
    const answer = await stack.call(method, path, { token: as, ...(body && { body }) });
    if (answer.status >= 300) throw new Error(`${path} was answered ${JSON.stringify(answer.body)}`);
    return answer.body as Record<string, unknown>; // every answer of this API is a JSON object
  };
  const reason = { reason_code: 'disaster', reason: 'The tour needs it.' };
  const { grant_id: grantId } = await call(token, 'POST', '/break-glass', { user_id: userId, ...reason });
  await call(token, 'GET', `/users/${userId}/medications`);
  const check = { user_id: userId, medications: ['aspirin', 'warfarin'] };
  const { job_id: jobId } = await call(token, 'POST', '/jobs/interaction-check', check);
  await ended(String(jobId));
  await call(token, 'GET', `/jobs/${String(jobId)}`);
  await stack.call('GET', '/jobs', { token, headers: { 'x-purpose-of-use': 'ETREAT' } });
  await call(token, 'POST', `/break-glass/${String(grantId)}/revoke`);
  await call(auditor, 'GET', '/break-glass');
  await call(auditor, 'GET', `/break-glass/${String(grantId)}`);
  const verdict = { verdict: 'justified', note: 'It was.' };
  await call(auditor, 'POST', `/break-glass/${String(grantId)}/review`, verdict);
  await stack.call('GET', '/break-glass', { token: 'nonsense' });
  await stack.invoke('reconciler');
}

const ERASED = 'permissions-erased';

/** A copy, an account of disclosures, and an erasure of a user of whom there is everything that is taken away. */
async function rights({ stack, submit, ended }: Guide): Promise<void> {
  const [first, second] = [
    await stack.token('admin', 'tour-admin-1'),
    await stack.token('admin', 'tour-admin-2'),
  ];
  const path = `/users/${ERASED}`;
  const schedule = { frequency: 'QD', times: ['08:00'], time_zone: 'UTC' };
  await ended(
    await submit('medication-reminder', { user_id: ERASED, medication_id: 'med-erased', schedule }),
  );
  await ended(
    await submit('interaction-check', { user_id: ERASED, medications: ['Zocor', 'clarithromycin'] }),
  );
  await submit('refill-check', {
    ...SUPPLY,
    user_id: ERASED,
    medication_id: 'med-erased',
    run_at: await later(stack, 30 * 86_400),
  });
  const service = await stack.token('service', 'tour-service');
  // Whom the user has let in finds the user in lists; an erasure takes that away as well.
  const member = { member_id: 'tour-nurse', scope: ['see_reminders'], consented_at: '2026-01-01T00:00:00Z' };
  const team = await stack.call('PUT', `${path}/care-team`, {
    token: service,
    body: { care_team: [member] },
  });
  if (team.status !== 200) throw new Error(`No care team: ${JSON.stringify(team.body)}`);
  for (const below of ['export', 'disclosures']) {
    const answer = await stack.call('GET', `${path}/${below}`, { token: service });
    if (answer.status !== 200) throw new Error(`No ${below}: ${JSON.stringify(answer.body)}`);
    await stack.call('GET', `${path}/${below}`, { token: 'nonsense' });
  }
  const asked = await stack.call('DELETE', path, { token: first });
  const body = { decision: 'confirm', erasure_id: Object(asked.body).erasure_id };
  const { status } = await stack.call('POST', `${path}/erasure`, { token: second, body });
  if (status !== 200) throw new Error(`Not confirmed: ${status}.`);
  await stack.call('GET', `${path}/erasure`, { token: first });
  await stack.clock.advance('P7DT1M');
  await stack.invoke('erasure');
  await stack.clock.advance('PT15M');
  await stack.invoke('erasure');
  const erased = await stack.call('GET', `${path}/erasure`, { token: first });
  if (Object(erased.body).status !== 'erased') throw new Error(`Not erased: ${JSON.stringify(erased.body)}`);
}

/** Dead letters of jobs that have attempts left, and of jobs that have none; then a person retries, or cancels. */
async function failures({ stack, token, alter, submit, atEachPriority }: Guide): Promise<void> {
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

/** The reconciler cancels a delivery that an operator names by a filter, and closes its dose. */
async function bulkCancelled(stack: Stack, jobId: string): Promise<void> {
  const token = await stack.token('operator', 'tour-operator');
  const filter = { kind: 'reminder-delivery', priority: 'CRITICAL' };
  const ask = { action: 'cancel', filter, confirm: 'CRITICAL' };
  await stack.call('POST', '/bulk-actions', { token, body: { ...ask, dry_run: true } });
  const started = await stack.call('POST', '/bulk-actions', { token, body: { ...ask, dry_run: false } });
  const { bulk_action_id: id } = started.body as { bulk_action_id?: string }; // its documented shape
  if (id === undefined) throw new Error(`Not started: ${JSON.stringify(started.body)}`);
  await stack.invoke('reconciler');
  await stack.waitForJob(jobId, token, ['cancelled'], 10);
  await stack.call('GET', `/bulk-actions/${id}`, { token });
  await stack.call('POST', `/bulk-actions/${id}/abort`, { token });
  await stack.call('POST', '/jobs/search', { token, body: { user_id: USER } });
}

/** Doses of the next minutes: one is told when it is due, the deliveries of the others are buried and cancelled before. */
async function delivery({ stack, token, alter, ended, takes }: Guide): Promise<void> {
  const due = new Date(Date.now() + 240_000).toISOString().slice(11, 16);
  const ordered = async (medication: string): Promise<string> => {
    const { child_job_ids: children } = await ended(await takes(medication, [due]));
    const [jobId = ''] = children as readonly string[]; // the view of a job that made one
    return jobId;
  };
  await bulkCancelled(stack, await ordered('med-bulk'));
  const event = (jobId: string) => eventOf(jobId, 'reminder-delivery', 'CRITICAL');
  const [told, buried, unwanted] = [
    await ordered('med-due'),
    await ordered('med-buried'),
    await ordered('med-unwanted'),
  ];
  await alter(buried, 'attempt', { N: '99' });
  await stack.invoke('dead-letter', event(buried));
  await stack.waitForJob(buried, token, ['failed'], 2);
  await stack.call('POST', `/jobs/${unwanted}/cancel`, { token });
  await stack.waitForJob(unwanted, token, ['cancelled'], 2);
  await stack.clock.advance('PT5M');
  await stack.invoke('worker/CRITICAL', event(told));
  await ended(told);
  await unreached({ stack, token });
  await ended(await takes('med-early', [(await later(stack, 3600)).slice(11, 16)]));
  await answeredEarly({ stack, token });
}

/** A dose of the next hour that no tick has made yet: its answer rests on the schedule. */
async function answeredEarly({ stack, token }: Pick<Guide, 'stack' | 'token'>): Promise<void> {
  const { body } = await stack.call('GET', `/users/${USER}/reminders`, { token });
  const { reminders } = body as { reminders: { reminder_id: string; medication_id: string }[] }; // its documented shape
  const { reminder_id: id } = reminders.find((one) => one.medication_id === 'med-early') ?? {};
  const path = `/users/${USER}/reminders/${id}/acknowledgement`;
  const answer = await stack.call('POST', path, { token, body: { status: 'taken' } });
  if (answer.status !== 200) throw new Error(`Not answered: ${JSON.stringify(answer.body)}`);
}

/** A message that did not arrive: the job that tells a caregiver is made by the request that says so. */
async function unreached({ stack, token }: Pick<Guide, 'stack' | 'token'>): Promise<void> {
  const { body } = await stack.call('GET', `/users/${USER}/reminders`, { token });
  const { reminders } = body as { reminders: { reminder_id: string; status: string }[] }; // its documented shape
  const { reminder_id: id } = reminders.find(({ status }) => status === 'published') ?? {};
  const report = { status: 'failed', channel: 'push', at: new Date().toISOString() };
  const answer = await stack.call('POST', `/users/${USER}/reminders/${id}/delivery`, { token, body: report });
  if (answer.status !== 200) throw new Error(`Not reported: ${JSON.stringify(answer.body)}`);
}

/** A parent that still waits though its children have ended; one of them left no result, so it fails. */
async function lostParent({ stack, token, submit, alter, ended }: Guide): Promise<void> {
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

/** A full backup to its end, and an increment that continues it. */
async function backups({ stack, submit, ended }: Guide): Promise<void> {
  for (const backup_type of ['full', 'incremental']) {
    const jobId = await submit('backup', { backup_type, storage_config: { type: 's3', path: 'tour' } });
    const { status, result } = await ended(jobId);
    const { backup_type: made } = (result ?? {}) as { backup_type?: string }; // its documented shape
    if (made !== backup_type) throw new Error(`A ${backup_type} backup ended ${String(status)} as ${made}.`);
    await stack.clock.advance('PT5M');
  }
}

/** A drill of what was backed up, to its end. */
async function drill({ stack, ended }: Guide): Promise<void> {
  await stack.invoke('recurring', { run: 'restore-drill', time: await later(stack, 0) });
  const rows = (await stack.items('jobs')).filter(
    (item) => item['kind'] === 'restore-drill' && item[SORT_KEY] === 'ROW',
  );
  for (let ids = rows.map((item) => String(item[PARTITION_KEY]).replace('JOB#', '')); ids.length > 0; ) {
    const [job] = await Promise.all(ids.map(ended));
    if (job?.['status'] !== 'succeeded') throw new Error(`A drill ended ${JSON.stringify(job)}.`);
    ids = [...((job['child_job_ids'] ?? []) as readonly string[])]; // its documented shape
  }
}

/** A look at everybody's supply, as each day. */
async function sweep({ stack, ended }: Guide): Promise<void> {
  await stack.invoke('recurring', { run: 'daily-supply-sweep', time: await later(stack, 0) });
  const rows = (await stack.items('jobs')).filter(
    (item) => item['kind'] === 'supply-sweep' && item[SORT_KEY] === 'ROW',
  );
  const ids = new Set(rows.map((item) => String(item[PARTITION_KEY]).replace('JOB#', '')));
  if (ids.size === 0) throw new Error('There is no supply-sweep.');
  await Promise.all([...ids].map(ended));
}

/** Scheduled jobs of each priority, when their time has come. */
async function releases({ stack, atEachPriority, ended }: Guide): Promise<void> {
  const jobs = await atEachPriority({ run_at: await later(stack, 86_400) });
  await stack.clock.advance('P1DT1M');
  await stack.invoke('tick');
  await Promise.all(jobs.map(({ jobId }) => ended(jobId)));
}

/** Each function that seals, on a day on which it is the first: meanwhile the tick runs only when the tour has it run. */
async function newDays(guide: Guide): Promise<void> {
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

/** A round of the tick that was under way may still come first on a day and make its key; then the next day is tried. */
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
    await act(() => stack.clock.advance('P1D'));
    const isMade = made();
    // Day by day: a shard that has slept for several could not catch up in one run of a busy machine.
    await tickShards(stack);
    if (isMade) return;
  }
  throw new Error(`On none of ${MOST_DAYS} days ${name} was the first to seal.`);
}

async function tickShards(stack: Stack): Promise<void> {
  for (let shard = 0; shard < DUE_SHARDS; shard += 1)
    await stack.invoke('tick-shard', sqsEvent({ v: 1, shard }));
}

const later = async (stack: Stack, seconds: number): Promise<string> =>
  new Date(Date.parse(await stack.clock.advance('PT0S')) + seconds * 1000).toISOString();
