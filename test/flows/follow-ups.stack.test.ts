import { afterEach, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { messageOf } from '#shared/lifecycle/job-row.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';
import { patient } from './people.ts';

const KIND = 'reminder-delivery';
const MINUTE = 60_000;

interface Message {
  readonly type: string;
  readonly to: string;
  readonly caregiver_ids?: readonly string[];
  readonly text: { readonly title: string; readonly body: string };
}

describe('what follows a dose', () => {
  const stack = useStack();
  afterEach(() => stack.resetHooks());

  /** A patient, in UTC, with a dose that is due in some minutes; `at(n)` is n minutes after it. */
  async function dueDose(
    name: string,
    terms: object,
    preferences: (at: (minutes: number) => string) => object,
  ) {
    const who = await patient(stack, `flow-${name}`);
    const service = await stack.token('service', `flow-${name}-service`);
    const due = Math.ceil((Date.now() + 4 * MINUTE) / MINUTE) * MINUTE;
    const at = (minutes: number) => new Date(due + minutes * MINUTE).toISOString();
    const path = `/users/${who.userId}`;
    const call = async (method: string, below: string, body: object, token = who.token) => {
      const answer = await stack.call(method, `${path}${below}`, { token, body });
      expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
      return answer.body;
    };
    await call('PUT', '/preferences', { time_zone: 'UTC', ...preferences(at) });
    const schedule = { frequency: 'QD', times: [at(0).slice(11, 16)], ...terms };
    const medication = `med-${name}`;
    const { jobId } = await who.submit('medication-reminder', { medication_id: medication, schedule });
    const childrenOf = async (job: string): Promise<readonly string[]> => {
      const view = await stack.waitForJob(job, service, ['succeeded', 'superseded']);
      return (view['child_job_ids'] ?? []) as readonly string[]; // the shape of shared/operations/job-view.ts
    };
    const [dose = ''] = await childrenOf(jobId);
    return {
      dose,
      at,
      childrenOf,
      job: (id: string) => stack.waitForJob(id, service, ['scheduled', 'queued', 'succeeded', 'superseded']),
      /** Lets it be that many minutes after the dose was due, and hands the worker the job's message. */
      run: async (id: string, minutes: number) => {
        await stack.clock.set(at(minutes));
        // What is due in more than a quarter of an hour waits for the tick.
        await stack.invoke('tick');
        const message = { jobId: id, kind: KIND, priority: 'CRITICAL', generation: 1 } as const;
        await stack.invoke('worker/CRITICAL', sqsEvent(messageOf(message)));
        return stack.waitForJob(id, service, ['succeeded', 'superseded', 'expired']);
      },
      answer: (body: object) =>
        reminder().then((id) => call('POST', `/reminders/${id}/acknowledgement`, body)),
      report: (body: object) =>
        reminder().then((id) => call('POST', `/reminders/${id}/delivery`, body, service)),
      told: async (): Promise<readonly Message[]> => {
        const all = (await stack.published()).filter((one) => JSON.stringify(one).includes(medication));
        return all as Message[]; // what this product publishes
      },
    };

    async function reminder(): Promise<string> {
      const { body } = await stack.call('GET', `${path}/reminders`, { token: who.token });
      const { reminders } = body as { reminders: { reminder_id: string; status: string }[] };
      return reminders.find(({ status }) => status === 'published')?.reminder_id ?? '';
    }
  }

  it('is told after the quiet hours, and no more once the dose was taken', async () => {
    const dose = await dueDose('followed', { follow_up: { count: 2, every_minutes: 5 } }, (at) => ({
      quiet_hours: { from: at(3).slice(11, 16), to: at(20).slice(11, 16) },
    }));
    await dose.run(dose.dose, 0.5);
    const [first = ''] = await dose.childrenOf(dose.dose);
    expect(await dose.job(first)).toMatchObject({ due_at: dose.at(20) });

    await dose.run(first, 20.1);
    const told = (await dose.told()).map(({ type, to }) => [type, to]);
    expect(told).toEqual([
      ['reminder.due', 'patient'],
      ['reminder.follow_up', 'patient'],
    ]);
    const [second = ''] = await dose.childrenOf(first);
    await dose.answer({ status: 'taken' });
    expect(await dose.run(second, 26)).toMatchObject({ status: 'superseded', error_code: 'already_taken' });
    expect(await dose.told()).toHaveLength(2);
  });

  it('is told to the caregiver at once when the message did not arrive', async () => {
    const dose = await dueDose('unreached', {}, () => ({
      caregivers: [
        {
          caregiver_id: 'flow-daughter',
          scope: ['receive_escalations'],
          consented_at: new Date(Date.now() - MINUTE).toISOString(),
        },
      ],
    }));
    await dose.run(dose.dose, 0.5);
    await dose.report({ status: 'failed', channel: 'push', at: dose.at(0) });
    await expect.poll(dose.told, { timeout: 15_000 }).toHaveLength(2);
    expect((await dose.told())[1]).toMatchObject({
      type: 'reminder.escalation',
      to: 'caregiver',
      caregiver_ids: ['flow-daughter'],
      text: { title: 'Please check on the person you care for' },
    });
  });

  it('is told at the end of a snooze', async () => {
    const dose = await dueDose('snoozed', {}, () => ({}));
    await dose.run(dose.dose, 0.5);
    await dose.answer({ status: 'snoozed', snooze_until: dose.at(10) });
    // Its message is kept back by SQS, by the machine's own clock; the reconciler sends another one.
    await stack.clock.set(dose.at(15));
    await stack.invoke('reconciler');
    await expect.poll(dose.told, { timeout: 15_000 }).toHaveLength(2);
    expect((await dose.told())[1]).toMatchObject({
      type: 'reminder.follow_up',
      text: { body: expect.stringContaining('You asked to be reminded again') },
    });
  });

  it('stands in the inbox as a person reads it, and somebody is subscribed', async () => {
    const dose = await dueDose('read', {}, () => ({}));
    await dose.run(dose.dose, 0.5);
    await expect.poll(dose.told, { timeout: 15_000 }).toHaveLength(1);
    const page = await (await fetch(`${stack.stack.frontUrl}/inbox`)).text();
    expect(page).toContain('<h2>Time for your medication</h2>');
    expect(page).toContain(`dose of ${dose.at(0).slice(0, 16).replace('T', ' ')} (UTC)`);
    const operator = await stack.token('operator', 'flow-read-operator');
    expect(await stack.call('GET', '/health', { token: operator })).toMatchObject({
      status: 200,
      body: { status: 'up', parts: { 'reminder-topic': 'up' } },
    });
  });
});
