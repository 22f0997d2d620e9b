import {
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { patient } from './people.ts';

// A deployer who has to keep records for years (context `recordRetentionYears`), here a variable of two functions.

describe('the time for which a deployer keeps records', () => {
  const stack = useStack();

  async function keep(years: number) {
    const { lambda: client } = stack.clients;
    for (const name of ['rights-api', 'erasure']) {
      const FunctionName = stack.stack.functions[name] ?? '';
      const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const Variables = { ...Environment?.Variables, RECORD_RETENTION_YEARS: String(years) };
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
      await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 60 }, { FunctionName });
    }
  }
  afterEach(async () => {
    await keep(0);
    await stack.resetHooks();
  });

  it('refuses to ask for an erasure, to confirm one, and holds back one that is due', async () => {
    const who = await patient(stack, 'flow-retention');
    const path = `/users/${who.userId}`;
    const [first, second] = [
      await stack.token('admin', 'flow-retention-1'),
      await stack.token('admin', 'flow-retention-2'),
    ];
    const { jobId } = await who.submit('interaction-check', { medications: ['aspirin', 'warfarin'] });
    await stack.waitForJob(jobId, who.token);
    const job = (await stack.call('GET', `/jobs/${jobId}`, { token: who.token })).body;
    const refusal = {
      status: 409,
      body: { code: 'retention_period', detail: expect.stringContaining('The deployer keeps records until') },
    };

    await keep(6);
    const refused = await stack.call('DELETE', path, { token: first });
    expect(refused).toMatchObject(refusal);
    // Six years from the last thing that was recorded, which is that job.
    const { created_at } = job as { created_at: string }; // its documented shape
    const until = `${Number(created_at.slice(0, 4)) + 6}${created_at.slice(4)}`;
    expect(JSON.stringify(refused.body)).toContain(until);
    expect(await stack.call('GET', `${path}/erasure`, { token: first })).toMatchObject({
      body: { status: 'none' },
    });

    // Asked for while nothing had to be kept: two people stand between, and so does the deployer's word.
    await keep(0);
    const asked = await stack.call('DELETE', path, { token: first });
    expect(asked).toMatchObject({ status: 202 });
    const { erasure_id } = asked.body as { erasure_id: string }; // its documented shape
    const confirm = { token: second, body: { decision: 'confirm', erasure_id } };
    await keep(6);
    expect(await stack.call('POST', `${path}/erasure`, confirm)).toMatchObject(refusal);
    await keep(0);
    expect(await stack.call('POST', `${path}/erasure`, confirm)).toMatchObject({
      status: 200,
      body: { status: 'scheduled' },
    });

    await keep(6);
    await stack.clock.advance('P7DT1M');
    await stack.invoke('erasure');
    const rows = await stack.items('jobs');
    const row = rows.find((one) => one[PARTITION_KEY] === `JOB#${jobId}` && one[SORT_KEY] === 'ROW');
    const owner = row?.['userRef'];
    const secret = async () => (await stack.items('secrets')).find((item) => item[PARTITION_KEY] === owner);
    expect(await secret()).not.toHaveProperty('closedAt');
    const entries = await stack.items('audit');
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: 'erasure.refused',
        details: expect.objectContaining({ reason: 'retention_period' }),
      }),
    );
    // Nothing of the user is lost.
    expect(await stack.call('GET', `/jobs/${jobId}`, { token: who.token })).toMatchObject({
      status: 200,
      body: { result: expect.anything() },
    });

    // What was held back is not taken up by itself: two people decide anew.
    await keep(0);
    await stack.invoke('erasure');
    expect(await secret()).not.toHaveProperty('closedAt');
    expect(await stack.call('GET', `${path}/erasure`, { token: first })).toMatchObject({
      body: { status: 'none' },
    });
  });
});
