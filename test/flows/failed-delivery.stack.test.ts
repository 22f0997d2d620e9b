import { afterEach, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { messageOf } from '#shared/lifecycle/job-row.ts';
import { maxAttempts } from '#shared/lifecycle/priority.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';
import { attemptsOf, patient } from './people.ts';

const KIND = 'reminder-delivery';

describe('a reminder whose delivery fails', () => {
  const stack = useStack();
  afterEach(() => stack.resetHooks());

  /** A dose that is due now, with the id of its delivery, whose own message comes some minutes later. */
  async function dueDose(name: string) {
    const who = await patient(stack, `flow-${name}`);
    const due = new Date(Date.now() + 240_000).toISOString().slice(11, 16);
    const { jobId } = await who.submit('medication-reminder', {
      medication_id: `med-${name}`,
      schedule: { frequency: 'QD', times: [due], time_zone: 'UTC' },
    });
    const { child_job_ids: children } = await stack.waitForJob(jobId, who.token);
    const [delivery = ''] = children as readonly string[]; // the view of a job that made one
    await stack.clock.advance('PT5M');
    const row = (await stack.items('jobs')).find(
      (item) => item['sk'] === 'ROW' && item['jobId'] === delivery,
    );
    const { id: doseId } = { ...row }['answersFor'] as { id: string }; // the shape of shared/lifecycle/job-row.ts
    const message = messageOf({ jobId: delivery, kind: KIND, priority: 'CRITICAL', generation: 1 });
    return {
      ...who,
      delivery,
      attempt: () => stack.invoke('worker/CRITICAL', sqsEvent(message)),
      call: (verb: 'cancel' | 'retry') =>
        stack.call('POST', `/jobs/${delivery}/${verb}`, { token: who.token }),
      /** What stands in the clear of the dose. */
      dose: async () => (await stack.items('records')).find((item) => item['id'] === doseId)?.['state'],
      published: async () =>
        (await stack.published()).filter((message) => JSON.stringify(message).includes(`"flow-${name}"`)),
    };
  }

  it('says that it was not sent, and is sent when a person retries it within its window', async () => {
    const dose = await dueDose('undelivered');
    const attempts = maxAttempts('CRITICAL');
    expect(await dose.dose()).toMatchObject({ status: 'scheduled' });
    stack.fault(KIND, 'error', attempts);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      await dose.attempt();
      await stack.clock.advance('PT10S');
    }
    const failed = await stack.waitForJob(dose.delivery, dose.token, ['failed'], 5);
    expect(attemptsOf(failed)).toHaveLength(attempts);
    expect(await dose.dose()).toMatchObject({ status: 'not_sent', reason: 'delivery_failed' });
    expect(await dose.published()).toEqual([]);

    expect((await dose.call('retry')).status).toBe(202);
    await stack.waitForJob(dose.delivery, dose.token);
    await expect.poll(dose.published, { timeout: 10_000 }).toHaveLength(1);
    expect(await dose.published()).toMatchObject([{ possible_duplicate: false }]);
    expect(await dose.dose()).toMatchObject({ status: 'published', reason: null });
  });

  it('says that nobody knows when it is cancelled after an attempt may have told the dose', async () => {
    const dose = await dueDose('uncertain');
    stack.fault(KIND, 'after-effect');
    await dose.attempt();
    expect(await dose.dose()).toMatchObject({ status: 'sending' });
    expect((await dose.call('cancel')).status).toBe(200);
    expect(await dose.dose()).toMatchObject({ status: 'not_sent', reason: 'delivery_uncertain' });
  });

  it('says that it was cancelled when a person cancels it', async () => {
    const dose = await dueDose('unwanted');
    expect((await dose.call('cancel')).status).toBe(200);
    await dose.attempt();
    expect(await dose.dose()).toMatchObject({ status: 'not_sent', reason: 'cancelled' });
    expect(await dose.published()).toEqual([]);
    expect((await dose.call('retry')).status).toBe(409);
  });
});
