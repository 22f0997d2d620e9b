import { eventOf, type Guide, later, type Stack, USER } from './guide.ts';

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
export async function delivery({ stack, token, alter, ended, takes }: Guide): Promise<void> {
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
