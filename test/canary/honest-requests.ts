import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { messageOf, ROW_VERSION } from '#shared/lifecycle/job-row.ts';
import { isTerminal, STATUSES } from '#shared/lifecycle/transitions.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';
import { ALL_PLANTED, PLANTED } from './planted.ts';
import type { EndpointName, Stack, Visitor } from './visitor.ts';

const [PATIENT, OTHER_PATIENT, MEDICATION, CAREGIVER, NURSE] = PLANTED.ids;
const [CHANNEL, FAILURE, HOUSEHOLD, WARD] = PLANTED.codes;
const ENDED = STATUSES.filter(isTerminal);
const USER = { user_id: PATIENT };
const ALL_IN_ONE = ALL_PLANTED.join('; ').slice(0, 500);

/** What all parts use. */
async function tools(stack: Stack, { ask }: Visitor) {
  const service = await stack.token('service', NURSE);
  // Whom it is for, by which id and from which program: all of it is the caller's own words.
  const headers = {
    'x-on-behalf-of': NURSE,
    'x-correlation-id': HOUSEHOLD,
    'user-agent': PLANTED.mails[0],
  };
  const submit = async (kind: string, body: object, more: Record<string, string> = {}): Promise<string> => {
    const answer = await ask(`kind ${kind}`, {}, { token: service, headers: { ...headers, ...more }, body });
    const { job_id: jobId } = answer.body as { job_id?: string }; // every answer of this API is a JSON object
    if (jobId === undefined) throw new Error(`${kind} was not accepted: ${JSON.stringify(answer.body)}`);
    return jobId;
  };
  return {
    stack,
    ask,
    service,
    submit,
    ended: (jobId: string, statuses: readonly string[] = ENDED) =>
      stack.waitForJob(jobId, service, statuses, 90),
    pharmacist: await stack.token('pharmacist', NURSE, { careFor: [PATIENT] }),
    operator: await stack.token('operator', PLANTED.mails[1]),
    /** @throws Error when it was not served: then nothing would have been planted */
    done: async (
      name: EndpointName,
      parameters: Record<string, string>,
      options: Parameters<typeof ask>[2],
    ) => {
      const answer = await ask(name, parameters, options);
      if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as Readonly<Record<string, unknown>>; // as above
    },
  };
}

type Tools = Awaited<ReturnType<typeof tools>>;

/** A busy day of one patient: every endpoint serves what is planted at least once, jobs fail, are retried and die. */
export async function honestRequests(stack: Stack, visitor: Visitor): Promise<void> {
  const all = await tools(stack, visitor);
  await records(all);
  await checks(all);
  await staff(all);
  await imports(all);
  await failures(all);
  await refusals(all);
  await doses(all);
  await supply(all);
  await emergency(all);
  await trail(all);
  await rights(all);
}

async function records({ done, service: token }: Tools): Promise<void> {
  const user = { user_id: PATIENT };
  const medication = { ...user, medication_id: MEDICATION };
  const preferences = {
    time_zone: 'UTC',
    channels: [CHANNEL],
    message_names_medication: true,
    caregivers: [
      {
        caregiver_id: CAREGIVER,
        scope: ['receive_escalations'],
        consented_at: new Date(Date.now() - 60_000).toISOString(),
      },
    ],
  };
  await done('putPreferences', user, { token, body: preferences });
  await done('putMedication', medication, { token, body: { name: PLANTED.drugs[0], dose_units: 1 } });
  for (const [index, name] of [...PLANTED.drugs, ...PLANTED.names].entries())
    await done('putMedication', { ...user, medication_id: `med-${index}` }, { token, body: { name } });
  const member = {
    member_id: CAREGIVER,
    scope: ['see_reminders'],
    consented_at: new Date(Date.now() - 60_000).toISOString(),
  };
  await done('putCareTeam', user, { token, body: { care_team: [member] } });
  await done('getCareTeam', user, { token });
  await done('getPreferences', user, { token });
  await done('listMedications', user, { token });
  await done('stopMedication', { ...user, medication_id: 'med-0' }, { token });
}

/** Interaction checks: retried after a fault, failing for good, and found, released, run again. */
async function checks({ stack, done, submit, ended, service, pharmacist }: Tools): Promise<void> {
  const medications = ALL_PLANTED.slice(0, 30).map((text) => text.slice(0, 200));
  stack.fault('interaction-check', 'error');
  stack.fault('interaction-check', 'crash');
  const twice = await submit(
    'interaction-check',
    { ...USER, medications },
    { 'idempotency-key': PLANTED.phones[0] },
  );
  const found = await submit('interaction-check', {
    ...USER,
    medications: ['Zocor', 'clarithromycin', ...PLANTED.reasons],
    include_current: true,
  });
  await Promise.all([ended(twice, ['succeeded']), ended(found, ['succeeded'])]);
  await done('getJob', { job_id: twice }, { token: service });
  await done('listJobs', {}, { token: await stack.token('patient', PATIENT) });
  const note = { findings: 'all', note: ALL_PLANTED.join('; ').slice(0, 2000) };
  await done('releaseFindings', { job_id: found }, { token: pharmacist, body: note });
  const rule = 'label-simvastatin-contraindicated';
  await done('findInteractionResults', {}, { token: pharmacist, query: `?rule=${rule}` });
  // By a name that nobody has given to a rule.
  await done('findInteractionResults', {}, { token: pharmacist, query: `?rule=${WARD}&data_set=${FAILURE}` });
  for (const body of [{ rule }, { rule: WARD, data_set: FAILURE }])
    await done('recheckInteractions', {}, { token: pharmacist, body });
}

async function staff({ done, submit, ended, operator: token }: Tools): Promise<void> {
  await done('health', {}, { token });
  await done('listPriorities', {}, { token });
  await done('pausePriority', { priority: 'LOW' }, { token, body: { confirm: 'LOW' } });
  await done('resumePriority', { priority: 'LOW' }, { token });
  await done(
    'searchJobs',
    {},
    { token, body: { user_id: PATIENT, error_code: FAILURE.replaceAll('-', '_') } },
  );
  const filter = { kind: 'refill-check', error_code: 'none_such' };
  const body = { action: 'retry', filter, dry_run: false };
  const headers = { 'idempotency-key': PLANTED.phones[0] };
  const { bulk_action_id: id } = await done('startBulkAction', {}, { token, headers, body });
  await done('getBulkAction', { bulk_action_id: String(id) }, { token });
  await done('abortBulkAction', { bulk_action_id: String(id) }, { token });
  await ended(await submit('backup', { backup_type: 'full', storage_config: { type: 's3', path: WARD } }));
  const time_range = { start: '2026-03-01T00:00:00Z', end: '2026-03-02T00:00:00Z' };
  await ended(await submit('analytics-roll-up', { time_range, metrics_types: ['jobs', 'security'] }));
}

async function imports({ done, ended, service: token }: Tools): Promise<void> {
  const schedule = { frequency: 'QD', times: ['08:00'], time_zone: 'UTC' };
  const lines = PLANTED.ids.map((user_id, index) => ({
    user_id,
    medication_id: MEDICATION,
    schedule,
    medication: { name: ALL_PLANTED[index] },
  }));
  const text = [...lines, { [PLANTED.names[0]]: PLANTED.drugs }, PLANTED.mails[2]]
    .map((line) => JSON.stringify(line))
    .join('\n');
  const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': PLANTED.phones[1] };
  const { import_id: importId } = await done('submitImport', {}, { token, headers, text });
  await ended(String(importId));
  await done('getImport', { import_id: String(importId) }, { token });
}

/** One job that a person retries after it died, one that is cancelled, one whose row nobody can read: a 500. */
async function failures({ stack, ask, done, submit, ended, service: token }: Tools): Promise<void> {
  const later = { ...USER, medications: [...PLANTED.names], run_at: inMinutes(10) };
  const [died, unwanted, broken] = [
    await submit('interaction-check', later),
    await submit('interaction-check', later),
    await submit('interaction-check', later),
  ];
  await alter(stack, died, 'attempt', 99);
  const message = { jobId: died, kind: 'interaction-check', priority: 'HIGH', generation: 1 } as const;
  await stack.invoke('dead-letter', sqsEvent(messageOf(message)));
  await ended(died, ['failed']);
  await done('retryJob', { job_id: died }, { token });
  await done('cancelJob', { job_id: unwanted }, { token });
  await alter(stack, broken, 'rowVersion', 99);
  const { status } = await ask('getJob', { job_id: broken }, { token });
  if (status !== 500) throw new Error(`A row that nobody can read was answered ${status}.`);
  await alter(stack, broken, 'rowVersion', ROW_VERSION);
  for (const name of ['worker/HIGH', 'dead-letter'])
    await stack.invoke(name, sqsEvent(...ALL_PLANTED.slice(0, 10), { planted: ALL_PLANTED }));
}

/** What is right by itself, and wrong because of what stands already. */
async function refusals({ ask, submit, service: token }: Tools): Promise<void> {
  const user = { user_id: PATIENT };
  const headers = { 'idempotency-key': PLANTED.phones[2] };
  const later = { ...USER, medications: [...PLANTED.names], run_at: inMinutes(10) };
  const jobId = await submit('interaction-check', later, headers);
  const body = { ...later, medications: [...PLANTED.drugs] };
  const statuses = [
    (await ask('kind interaction-check', {}, { token, headers, body })).status,
    (await ask('cancelJob', { job_id: jobId }, { token })).status,
    (await ask('cancelJob', { job_id: jobId }, { token })).status,
    (await ask('putPreferences', user, { token, body: {} })).status,
    (await ask('putPreferences', user, { token, body: {}, headers: { 'if-match': '"0"' } })).status,
  ];
  if (statuses.join() !== '422,200,409,428,412') throw new Error(`Answered ${statuses.join()}.`);
}

/** A dose that is told by name, that did not arrive, of which the caregiver is told, and that is left out for a reason. */
async function doses({ stack, done, submit, ended, service: token }: Tools): Promise<void> {
  const due = new Date(Math.ceil((Date.now() + 240_000) / 60_000) * 60_000);
  const schedule = {
    frequency: 'QD',
    times: [due.toISOString().slice(11, 16)],
    medication_name: PLANTED.drugs[0],
    override_reason: ALL_IN_ONE,
  };
  const order = await submit('medication-reminder', { ...USER, medication_id: MEDICATION, schedule });
  const { child_job_ids: children } = await ended(order, ['succeeded']);
  const [delivery = ''] = children as readonly string[]; // the view of a job that made one
  await stack.clock.advance('PT6M');
  const message = {
    jobId: delivery,
    kind: 'reminder-delivery',
    priority: 'CRITICAL',
    generation: 1,
  } as const;
  await stack.invoke('worker/CRITICAL', sqsEvent(messageOf(message)));
  await ended(delivery);
  const user = { user_id: PATIENT };
  const listed = await done('listReminders', user, { token });
  const reminders = listed['reminders'] as readonly { reminder_id: string; status: string }[]; // its documented shape
  const { reminder_id: id = '' } = reminders.find(({ status }) => status === 'published') ?? {};
  const report = { status: 'failed', channel: CHANNEL, reason_code: FAILURE, at: due.toISOString() };
  await done('reportDelivery', { ...user, reminder_id: id }, { token, body: report });
  const skipped = { status: 'skipped', reason: { code: 'other', text: ALL_IN_ONE } };
  await done('acknowledgeReminder', { ...user, reminder_id: id }, { token, body: skipped });
}

async function supply({ submit, ended, done, service: token }: Tools): Promise<void> {
  const medication = { ...USER, medication_id: MEDICATION };
  await ended(await submit('refill-check', { ...medication, current_supply: 1 }), ['succeeded']);
  await ended(await submit('supply-monitor', { ...USER, medications: [MEDICATION, OTHER_PATIENT] }));
  await done('listJobs', {}, { token });
}

/** Somebody who is nothing to the patient opens the data, and somebody else judges that. */
async function emergency({ stack, done }: Tools): Promise<void> {
  const token = await stack.token('clinician', PLANTED.mails[2]);
  const admin = await stack.token('admin', PLANTED.mails[1]);
  const body = { ...USER, reason_code: 'other', reason: ALL_IN_ONE };
  const { grant_id: id } = await done('openBreakGlass', {}, { token, body });
  const grant = { grant_id: String(id) };
  await done('listMedications', USER, { token });
  await done('listBreakGlass', {}, { token: admin });
  await done('getBreakGlass', grant, { token: admin });
  await done('reviewBreakGlass', grant, { token: admin, body: { verdict: 'justified', note: ALL_IN_ONE } });
  await done('revokeBreakGlass', grant, { token });
}

/** What stands of all this for auditors, and for whoever ordered a job. */
async function trail({ stack, done, submit, ended, service: token }: Tools): Promise<void> {
  const auditor = await stack.token('auditor', PLANTED.mails[1]);
  const job = {
    job_id: await submit('refill-check', { ...USER, medication_id: MEDICATION, current_supply: 2 }),
  };
  await ended(job.job_id);
  await done('getEvidence', job, { token });
  await done('getReceipt', job, { token });
  await done('getJobAudit', job, { token: auditor });
  const { entries } = await done('getUserAudit', USER, { token: auditor });
  const [first] = entries as readonly { actor: { ref: string } }[]; // its documented shape
  await done('getActorAudit', {}, { token: auditor, query: `?actor=${first?.actor.ref}` });
  await done('searchAudit', {}, { token: auditor, body: { actor_id: NURSE } });
}

/** A copy, an account, and an erasure that is asked for, put under a hold and taken back. */
async function rights({ stack, done, service: token }: Tools): Promise<void> {
  const admin = await stack.token('admin', PLANTED.mails[1]);
  const user = { user_id: OTHER_PATIENT };
  await done('exportUser', USER, { token });
  await done('listDisclosures', USER, { token });
  await done('requestErasure', user, { token: admin });
  const hold = { decision: 'hold', reason: 'litigation' };
  await done('decideErasure', user, { token: admin, body: hold });
  await done('getErasure', user, { token: admin });
  await done('revokeErasure', user, { token: admin });
  await done('decideErasure', user, { token: admin, body: { decision: 'lift_hold' } });
}

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

/** No dose of theirs comes due in the tests that move the clock by days. */
export async function stopAll(stack: Stack): Promise<void> {
  const token = await stack.token('service', NURSE);
  for (const user of PLANTED.ids)
    await stack.call('DELETE', `/users/${user}/medications/${MEDICATION}`, { token });
}

/** A counter of a job behind the back of the functions, as no function would set it. */
const alter = (stack: Stack, jobId: string, attribute: 'attempt' | 'rowVersion', value: number) =>
  stack.clients.dynamo.send(
    new UpdateItemCommand({
      TableName: stack.stack.tables.jobs,
      Key: { [PARTITION_KEY]: { S: `JOB#${jobId}` }, [SORT_KEY]: { S: 'ROW' } },
      UpdateExpression: 'SET #attribute = :value',
      ExpressionAttributeNames: { '#attribute': attribute },
      ExpressionAttributeValues: { ':value': { N: String(value) } },
    }),
  );
