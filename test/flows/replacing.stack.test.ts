import { afterEach, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { messageOf } from '#shared/lifecycle/job-row.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';
import { patient } from './people.ts';

interface Reminder {
  readonly reminder_id: string;
  readonly status: string;
  readonly reason?: string;
  readonly due_at: string;
  readonly preview?: boolean;
}

describe('a schedule that another takes the place of', () => {
  const stack = useStack();
  afterEach(() => stack.resetHooks());

  /** A patient who takes one dose a day, a few minutes from now, and is told it. */
  async function toldOnce(userId: string, medicationId: string) {
    const who = await patient(stack, userId);
    const service = await stack.token('service', `${userId}-service`);
    const own = (method: string, below: string, body?: object, headers: Record<string, string> = {}) =>
      stack.call(method, `/users/${userId}${below}`, { token: who.token, headers, ...(body && { body }) });
    await own('PUT', '/preferences', { time_zone: 'UTC' });
    const due = new Date(Math.ceil((Date.now() + 240_000) / 60_000) * 60_000);
    const clock = (minutes: number) => new Date(due.getTime() + minutes * 60_000).toISOString().slice(11, 16);
    const takesAt = async (...times: string[]) => {
      const { jobId } = await who.submit('medication-reminder', {
        medication_id: medicationId,
        schedule: { frequency: times.length > 1 ? 'BID' : 'QD', times },
      });
      return stack.waitForJob(jobId, who.token);
    };
    const [delivery = ''] = (await takesAt(clock(0)))['child_job_ids'] as string[]; // one dose is due soon
    await stack.clock.advance('PT6M');
    const message = {
      jobId: delivery,
      kind: 'reminder-delivery',
      priority: 'CRITICAL',
      generation: 1,
    } as const;
    await stack.invoke('worker/CRITICAL', sqsEvent(messageOf(message)));
    await stack.waitForJob(delivery, service);
    return {
      due: due.toISOString(),
      clock,
      own,
      service,
      takesAt,
      reminders: async () => {
        const { body } = await own('GET', '/reminders');
        const { reminders } = body as { reminders: Reminder[] }; // every answer of this route
        return reminders
          .filter(({ preview }) => preview !== true)
          .toSorted((a, b) => (a.due_at < b.due_at ? -1 : 1));
      },
      published: async () =>
        (await stack.published()).filter((one) => JSON.stringify(one).includes(medicationId)),
    };
  }

  it('does not have a dose told that comes an hour after one that was', async () => {
    const { clock, due, published, reminders, takesAt } = await toldOnce('flow-replacing', 'med-replacing');
    const later = new Date(Date.parse(due) + 3_600_000).toISOString();
    const job = await takesAt(clock(60));
    expect(job['result']).toMatchObject({
      schedule_revision: 2,
      warnings: [{ code: 'high_alert_not_checked' }, { code: 'too_close', due_at: later, too_close_to: due }],
    });
    expect(await reminders()).toMatchObject([
      { status: 'published', due_at: due },
      { status: 'not_sent', reason: 'too_close', due_at: later },
    ]);
    expect(await published()).toHaveLength(1);
  });

  it('holds a dose that a change of zone brings too close, and tells it when the patient confirms', async () => {
    const { due, own, published, reminders, service } = await toldOnce('flow-travel', 'med-travel');
    const answer = await own(
      'PUT',
      '/preferences',
      { time_zone: 'Atlantic/Cape_Verde' },
      { 'if-match': '"1"' },
    );
    const { updated_schedules: pending } = answer.body as { updated_schedules: { job_id: string } }; // the zone is another one
    const update = await stack.waitForJob(pending.job_id, service);
    const [question = ''] = update['child_job_ids'] as string[]; // the question about the held dose
    await stack.waitForJob(question, service);
    const later = new Date(Date.parse(due) + 3_600_000).toISOString();
    const [, held] = await reminders();
    expect(held).toMatchObject({ status: 'needs_confirmation', due_at: later });
    expect(await published()).toMatchObject([
      { type: 'reminder.due' },
      { type: 'reminder.needs_confirmation', occurrence_id: held?.reminder_id },
    ]);

    const path = `/reminders/${held?.reminder_id}/acknowledgement`;
    const confirmed = await own('POST', path, { status: 'confirmed' });
    expect([confirmed.status, confirmed.body]).toMatchObject([200, { status: 'scheduled' }]);
    // The delivery waits for its time: a tick releases it.
    await stack.clock.advance('PT63M');
    await stack.invoke('tick');
    await expect
      .poll(async () => (await reminders())[1]?.status, { timeout: 20_000, interval: 250 })
      .toBe('published');
    expect((await published())[2]).toMatchObject({ type: 'reminder.due', due_at: later });
  });
});
