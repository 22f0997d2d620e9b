import { ENDED, type Guide, SUPPLY, USER } from './guide.ts';

/** Everything but submissions: also what leaves nothing but the evidence of a refusal. */
export async function requests({ stack, token }: Guide): Promise<void> {
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
export async function audits({ stack, token, submit, ended }: Guide): Promise<void> {
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

/** Reads and writes of records. The first that is known of this user comes from here, so their secret does, too. */
export async function records({ stack, token }: Guide): Promise<void> {
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
export async function imports({ stack }: Guide, name = 'first'): Promise<void> {
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
  // Only its maker sees an import.
  await stack.waitForJob(importId, token, ENDED, 60);
  const report = await stack.call('GET', `/imports/${importId}`, { token });
  if (report.status !== 200) throw new Error(`No report: ${JSON.stringify(report.body)}`);
  await stack.call('POST', '/imports', { token: 'nonsense' });
}
