import { type Body, type Guide, USER } from './guide.ts';

/** A check whose findings are released, found again by its rule, and run again. */
export async function interactions({ stack, submit, ended }: Guide, name = 'first'): Promise<void> {
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

export async function recheck(
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
export async function breakGlass({ stack, ended }: Guide, userId: string): Promise<void> {
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
