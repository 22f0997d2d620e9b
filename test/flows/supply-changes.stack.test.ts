import { afterEach, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { patient } from './people.ts';

const stack = useStack();
/** Hours after all that is looked at here. */
const DAILY = {
  frequency: 'daily',
  times: [new Date(Date.now() + 16 * 3_600_000).toISOString().slice(11, 16)],
};
afterEach(() => stack.resetHooks());

it('a changed schedule, a changed dose and a stop leave the box as it is', async () => {
  const who = await patient(stack, 'flow-supply');
  const path = `/users/${who.userId}/medications/med-box`;
  const remind = async (schedule: object) => {
    const { jobId } = await who.submit('medication-reminder', {
      medication_id: 'med-box',
      schedule: { time_zone: 'Etc/UTC', ...schedule },
    });
    await stack.waitForJob(jobId, who.token);
  };
  const look = async () => {
    const { jobId } = await who.submit('supply-monitor', { medications: ['med-box'] });
    const { result } = await stack.waitForJob(jobId, who.token);
    return (result as { medications: { units_on_hand: number }[] }).medications[0];
  };
  const put = (body: object) => stack.call('PUT', path, { token: who.token, body });

  await remind({ frequency: 'Q1H' });
  const { jobId } = await who.submit('refill-check', { medication_id: 'med-box', current_supply: 60 });
  await stack.waitForJob(jobId, who.token);
  await stack.clock.advance('PT4H');
  const before = await look();
  expect(before?.units_on_hand).toBeLessThan(58);
  await remind(DAILY);
  expect(await look()).toMatchObject({ units_on_hand: before?.units_on_hand });
  // The record of an active schedule is written, by a function that may add no due entries.
  for (const dose_units of [1, 2])
    expect(await put({ name: 'lisinopril', dose_units })).toMatchObject({
      status: 200,
      body: { reminders: 'active' },
    });
  expect(await look()).toMatchObject({ units_on_hand: before?.units_on_hand });
  expect(await stack.call('DELETE', path, { token: who.token })).toMatchObject({ status: 200 });
  await remind(DAILY);
  expect(await look()).toMatchObject({ units_on_hand: before?.units_on_hand });
});
