import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { stackFolder } from '#infra/local/stack-folder.ts';
import { bringUp } from '#infra/local/stack-lifecycle.ts';
import { stopSupervisor } from '#infra/local/supervision.ts';
import { stackIn } from '#infra/local/testing/use-stack.ts';

/** A good verdict about the key stands for a minute of the machine's own time. */
const VERDICT_MS = 60_500;

describe('the field key, disabled while everything runs', () => {
  // A stack of its own: on a shared one everybody else would be stopped for that minute.
  const folder = stackFolder(join(inject('laptopFolder'), 'key-failure'));
  let stack: ReturnType<typeof stackIn>;

  beforeAll(async () => {
    // Not on the emulator of the tests' shared stack, which its setup names.
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    await bringUp(folder, { attached: true, emulatorPort: 0, frontPort: 0 }, () => undefined);
    stack = stackIn(folder);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await stopSupervisor(folder);
  });

  const user = 'flow-key-patient';
  const medication = `/users/${user}/medications/med-1`;
  const check = { user_id: user, medications: ['aspirin', 'warfarin'] };

  const emergency = { user_id: user, reason_code: 'other', reason: 'Found unconscious.' };

  /** What holds something of the patient; audit entries and counters of refusals stand elsewhere. */
  const kept = async (userRef: string): Promise<string[]> => {
    const tables = await Promise.all([stack.items('jobs'), stack.items('records'), stack.items('secrets')]);
    return tables
      .flat()
      .map((item) => JSON.stringify(item))
      .filter((item) => item.includes(userRef))
      .toSorted();
  };

  it('stops everything that would be stored within a minute, also where its keys are remembered', async () => {
    const kms = new KMSClient(stack.clientConfig);
    const KeyId = stack.stack.fieldKeyArn;
    const service = await stack.token('service', 'flow-key-service');
    const operator = await stack.token('operator', 'flow-key-operator');
    const doctor = await stack.token('clinician', 'flow-key-doctor');
    const admin = await stack.token('admin', 'flow-key-admin');
    const put = () => stack.call('PUT', medication, { token: service, body: { name: 'lisinopril' } });
    const submit = () =>
      stack.call('POST', '/jobs/interaction-check', { token: service, body: check }) as Promise<{
        status: number;
        body: { job_id: string };
      }>;
    expect((await put()).status).toBe(200);
    const { body } = await submit();
    await stack.waitForJob(body.job_id, service);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const open = await stack.call('POST', '/jobs/interaction-check', {
      token: service,
      body: { ...check, run_at: later },
    });

    // Environments that were never asked find no key at all, and answer 500: these have theirs in memory.
    const elsewhere = { ...emergency, user_id: 'flow-key-other' };
    expect((await stack.call('POST', '/break-glass', { token: doctor, body: elsewhere })).status).toBe(201);
    expect((await stack.call('GET', `/users/${user}/erasure`, { token: admin })).status).toBe(200);

    await kms.send(new DisableKeyCommand({ KeyId }));
    await sleep(VERDICT_MS);

    const row = (await stack.items('jobs')).find(({ jobId, sk }) => jobId === body.job_id && sk === 'ROW');
    const userRef = String(row?.['userRef']);
    const before = await kept(userRef);
    expect(before.length).toBeGreaterThan(3);
    const refused = [
      await submit(),
      await put(),
      await stack.call('POST', '/break-glass', { token: doctor, body: emergency }),
      await stack.call('DELETE', `/users/${user}`, { token: admin }),
      await stack.call('POST', `/jobs/${body.job_id}/retry`, { token: operator }),
    ];
    for (const answer of refused)
      expect(answer).toMatchObject({ status: 403, body: { code: 'compliance_check_failed' } });
    expect(await kept(userRef)).toEqual(before);
    // What stops something is not held up where the environment still knows whose it is.
    const { job_id: openId } = open.body as { job_id: string };
    expect((await stack.call('POST', `/jobs/${openId}/cancel`, { token: operator })).status).toBe(200);

    await kms.send(new EnableKeyCommand({ KeyId }));
    expect([(await submit()).status, (await put()).status]).toEqual([202, 200]);
  }, 300_000);
});
