import { afterEach, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { patient } from './people.ts';

type Item = Readonly<Record<string, unknown>>;

describe('the rights of a patient', () => {
  const stack = useStack();
  afterEach(() => stack.resetHooks());

  it('a copy and an account of who saw it, then an erasure by two admins that leaves nothing to be opened', async () => {
    const who = await patient(stack, 'flow-rights');
    const [first, second] = [
      await stack.token('admin', 'flow-admin-1'),
      await stack.token('admin', 'flow-admin-2'),
    ];
    const path = `/users/${who.userId}`;
    await who.takes('med-rights');
    const check = await who.submit('interaction-check', { medications: ['Zocor', 'clarithromycin'] });
    await stack.waitForJob(check.jobId, who.token);
    const runAt = new Date(Date.now() + 20 * 86_400_000).toISOString();
    const waiting = await who.submit('interaction-check', { medications: ['aspirin'], run_at: runAt });

    const copy = await stack.call('GET', `${path}/export`, { token: who.token });
    expect(copy).toMatchObject({
      status: 200,
      body: { medications: [{ medication_id: 'med-rights' }], schedules: [{ frequency: 'QD' }] },
    });
    expect(JSON.stringify(copy.body)).toContain('clarithromycin');
    const bundle = await stack.call('GET', `${path}/export?format=fhir&limit=2`, { token: who.token });
    expect(bundle).toMatchObject({
      status: 200,
      body: { resourceType: 'Bundle', link: [{ relation: 'next' }] },
    });
    const told = await stack.call('GET', `${path}/disclosures`, { token: who.token });
    expect(told).toMatchObject({ status: 200 });
    expect(JSON.stringify(told.body)).toContain('user.exported');

    const rows = async (): Promise<Item[]> => stack.items('jobs');
    const rowOf = async (jobId: string) =>
      (await rows()).find((row) => row[PARTITION_KEY] === `JOB#${jobId}` && row[SORT_KEY] === 'ROW');
    const owner = (await rowOf(check.jobId))?.['userRef'];
    const standing = async () => {
      const records = (await stack.items('records')).filter((item) =>
        JSON.stringify(item).includes(String(owner)),
      );
      const recalls = (await rows()).filter(
        (item) => String(item[PARTITION_KEY]).startsWith('RECALL#') && item['userRef'] === owner,
      );
      const [secret] = (await stack.items('secrets')).filter((item) => item[PARTITION_KEY] === owner);
      return { records, recalls, secret };
    };
    const before = await standing();
    expect(before.records.map((item) => item[PARTITION_KEY])).toEqual(
      expect.arrayContaining([`OWNER#${owner}`, 'USERS', expect.stringMatching(/^DUE#/)]),
    );
    expect(before.recalls.length).toBeGreaterThan(1);
    expect(before.secret).toHaveProperty('secret');

    const asked = await stack.call('DELETE', path, { token: first });
    expect(asked).toMatchObject({ status: 202, body: { status: 'requested' } });
    const { erasure_id } = asked.body as { erasure_id: string }; // its documented shape
    const confirm = { decision: 'confirm', erasure_id };
    expect(await stack.call('POST', `${path}/erasure`, { token: first, body: confirm })).toMatchObject({
      status: 409,
    });
    expect(await stack.call('POST', `${path}/erasure`, { token: second, body: confirm })).toMatchObject({
      status: 200,
      body: { status: 'scheduled' },
    });
    await stack.invoke('erasure');
    expect((await standing()).secret).not.toHaveProperty('closedAt');

    await stack.clock.advance('P7DT1M');
    await stack.invoke('erasure');
    expect((await standing()).secret).toMatchObject({
      closedAt: expect.any(String),
      secret: expect.anything(),
    });
    await stack.clock.advance('PT11M');
    await stack.invoke('erasure');

    const { records, recalls, secret } = await standing();
    // Doses of earlier days leave their entries behind for some weeks: hashes and times.
    // Beside them only the mark stands, by which nobody gets in by a claim.
    const left = records.filter((item) => !String(item[PARTITION_KEY]).startsWith('DUE#'));
    expect(left.map(({ type, body }) => [type, body])).toEqual([['erased', undefined]]);
    expect(recalls).toEqual([]);
    expect(secret).toMatchObject({ erasedAt: expect.any(String), erasureId: erasure_id });
    expect(secret).not.toHaveProperty('secret');
    expect(await rowOf(waiting.jobId)).toMatchObject({ status: 'cancelled', errorCode: 'user_erased' });
    expect(await rowOf(check.jobId)).toMatchObject({ status: 'succeeded' });

    // Of a function that has never seen this user: others may keep a secret for a minute of the machine's own time.
    const late = await stack.call('PUT', `${path}/preferences`, {
      token: who.token,
      body: { time_zone: 'UTC' },
    });
    expect(late).toMatchObject({ status: 410, body: { code: 'user_erased' } });
    expect(await stack.call('GET', `${path}/erasure`, { token: first })).toMatchObject({
      status: 200,
      body: { status: 'erased', erasure_id },
    });
    const afterwards = await stack.call('GET', `${path}/disclosures?limit=200`, { token: second });
    expect(afterwards).toMatchObject({ status: 200 });
    for (const action of ['user.exported', 'job.accepted', 'erasure.requested', 'erasure.scheduled'])
      expect(JSON.stringify(afterwards.body)).toContain(action);
    const trail = await stack.items('audit');
    const last = trail.find(({ correlationId }) => correlationId === `erasure:${erasure_id}`);
    const steps = trail.filter(({ subjectRef }) => subjectRef === last?.['subjectRef']);
    expect(last?.['subjectRef']).toMatch(/^\d{4}-[a-z2-7]{26}$/);
    expect(JSON.stringify(trail)).not.toContain(owner);
    expect(steps.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'erasure.started',
        'erasure.closed',
        'erasure.jobs_ended',
        'erasure.recall_removed',
        'erasure.records_deleted',
        'erasure.secret_destroyed',
        'user.erased',
      ]),
    );
    const heard = (await stack.published()).filter((message) => JSON.stringify(message).includes(erasure_id));
    expect(heard.map((message) => Object(message).type)).toEqual(['user.erasure_scheduled', 'user.erased']);
  }, 120_000);
});
