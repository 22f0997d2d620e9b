import { describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { patient } from './people.ts';

interface Entry {
  readonly action: string;
  readonly jobId?: string;
  readonly pk: string;
  readonly details: { readonly route: string; readonly status: number };
}

describe('the evidence of a refusal', () => {
  const stack = useStack();
  const refusals = async () =>
    (await stack.items('audit'))
      .map((item) => item as unknown as Entry) // written by this very deployment, and only read here
      .filter(({ action }) => action === 'request.refused');

  it('of paths that do not exist is gathered, without the path that was sent', async () => {
    const paths = ['/jane-doe/warfarin', '/jane-doe/aspirin', '/jane-doe'];
    const answers = await Promise.all(paths.map((path) => stack.call('GET', path)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    const entries = (await refusals()).filter(({ details }) => details.route === 'GET /{proxy+}');
    // The clock may have passed from one minute to the next.
    expect(new Set(entries.map(({ pk }) => pk)).size).toBe(entries.length);
    expect(entries.length).toBeGreaterThan(0);
    expect(JSON.stringify(entries)).not.toContain('jane');
  });

  it('of a foreign job names the job, and stands outside its chain', async () => {
    const owner = await patient(stack, 'flow-refusal-owner');
    const stranger = await patient(stack, 'flow-refusal-stranger');
    const { jobId } = await owner.submit('interaction-check', { medications: ['aspirin'] });
    const answer = await stack.call('GET', `/jobs/${jobId}`, { token: stranger.token });
    expect(answer.status).toBe(404);
    const about = (await refusals()).filter((entry) => entry.jobId === jobId);
    expect(about).toMatchObject([{ details: { route: 'GET /api/v1/jobs/{job_id}', status: 404 } }]);
    expect(about[0]?.pk).toMatch(/^DAY#/);
  });

  it('comes with the answer to headers that were sent twice', async () => {
    const headers = new Headers({ 'content-type': 'application/json' });
    for (const key of ['key-1', 'key-2']) headers.append('idempotency-key', key);
    const token = await stack.token('service', 'flow-refusal-service');
    headers.set('authorization', `Bearer ${token}`);
    const body = JSON.stringify({ user_id: 'flow-refusal', medications: ['aspirin'] });
    const answer = await fetch(`${stack.stack.apiUrl}/jobs/interaction-check`, {
      method: 'POST',
      headers,
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ problems: [{ code: 'invalid_idempotency_key' }] });
  });
});
