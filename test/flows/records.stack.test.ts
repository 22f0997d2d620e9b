import { afterEach, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { messageOf } from '#shared/lifecycle/job-row.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';
import { patient } from './people.ts';

interface Reminder {
  readonly reminder_id: string;
  readonly medication_id: string;
  readonly status: string;
  readonly preview?: boolean;
  readonly due_at: string;
}

describe('the records of a user', () => {
  const stack = useStack();
  afterEach(() => stack.resetHooks());

  it('from preferences over a reminder that is told to its answer', async () => {
    const who = await patient(stack, 'flow-records');
    const service = await stack.token('service', 'flow-records-service');
    const path = `/users/${who.userId}`;
    const own = (method: string, below: string, body?: object, headers: Record<string, string> = {}) =>
      stack.call(method, `${path}${below}`, { token: who.token, headers, ...(body && { body }) });

    const preferences = { time_zone: 'UTC', quiet_hours: { from: '22:00', to: '06:00' } };
    const first = await own('PUT', '/preferences', preferences);
    expect([first.status, first.body]).toMatchObject([
      200,
      { version: 1, quiet_hours: preferences.quiet_hours },
    ]);
    expect(await own('PUT', '/preferences', {}, { 'if-match': '"0"' })).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
    expect(await own('PUT', '/preferences', {})).toMatchObject({ status: 428 });
    expect(await own('GET', '/preferences')).toMatchObject({ status: 200, body: first.body });

    const named = await own('PUT', '/medications/med-records', { name: 'Lisinopril 10 mg', dose_units: 1 });
    expect(named).toMatchObject({
      status: 200,
      body: { recognition: 'recognised', ingredients: ['lisinopril'], reminders: 'none' },
    });

    const due = new Date(Math.ceil((Date.now() + 240_000) / 60_000) * 60_000);
    const schedule = { frequency: 'QD', times: [due.toISOString().slice(11, 16)] };
    const { jobId } = await who.submit('medication-reminder', { medication_id: 'med-records', schedule });
    const job = await stack.waitForJob(jobId, who.token);
    // No zone in the request: the one of the preferences.
    expect(job['result']).toMatchObject({ time_zone: 'UTC', time_zone_source: 'user' });
    const [delivery = ''] = job['child_job_ids'] as string[];

    const reminders = async (): Promise<readonly Reminder[]> => {
      const { status, body } = await own('GET', '/reminders');
      expect(status).toBe(200);
      return (body as { reminders: Reminder[] }).reminders;
    };
    const [next, ...later] = await reminders();
    expect(next).toMatchObject({
      medication_id: 'med-records',
      status: 'scheduled',
      due_at: due.toISOString(),
    });
    expect(next?.preview).toBeUndefined();
    expect(later).toHaveLength(6);
    expect(later.every(({ preview }) => preview === true)).toBe(true);

    await stack.clock.advance('PT6M');
    const message = {
      jobId: delivery,
      kind: 'reminder-delivery',
      priority: 'CRITICAL',
      generation: 1,
    } as const;
    await stack.invoke('worker/CRITICAL', sqsEvent(messageOf(message)));
    await stack.waitForJob(delivery, service);
    const id = next?.reminder_id ?? '';
    expect((await reminders())[0]).toMatchObject({ reminder_id: id, status: 'published' });
    const published = (await stack.published()).filter((one) => JSON.stringify(one).includes('med-records'));
    expect(published).toMatchObject([{ occurrence_id: id }]);

    const report = { status: 'delivered', channel: 'push', at: due.toISOString() };
    const reported = `${path}/reminders/${id}/delivery`;
    expect(await stack.call('POST', reported, { token: service, body: report })).toMatchObject({
      status: 200,
      body: { status: 'delivered' },
    });
    expect(await stack.call('POST', reported, { token: who.token, body: report })).toMatchObject({
      status: 403,
    });

    const answer = (body: object) => own('POST', `/reminders/${id}/acknowledgement`, body);
    const taken = await answer({ status: 'taken' });
    expect(taken).toMatchObject({ status: 200, body: { status: 'taken' } });
    expect(await answer({ status: 'taken' })).toMatchObject({ status: 200, body: taken.body });
    const skipped = { status: 'skipped', reason: { code: 'other', text: 'slip' } };
    expect(await answer(skipped)).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    expect((await reminders())[0]).toMatchObject({ reminder_id: id, status: 'taken' });

    // In the trail the hash at the end of its id is a pseudonym: the same time of others looks alike there.
    expect((await stack.items('audit')).filter((entry) => JSON.stringify(entry).includes(id))).toEqual([]);
    const auditor = await stack.token('auditor', 'flow-records-auditor');
    const asked = await stack.call('GET', `${path}/audit`, { token: auditor });
    expect(asked).toMatchObject({ status: 200 });
    const entries = [Object(asked.body).entries].flat();
    const trail = entries.filter(({ action }) => /^reminder\.(delivered|taken)/.test(action));
    expect(trail.map(({ action }) => action).sort()).toEqual(['reminder.delivered', 'reminder.taken']);

    const paused = await own('PUT', '/medications/med-records', { name: 'lisinopril', status: 'paused' });
    expect(paused).toMatchObject({ status: 200, body: { status: 'paused', reminders: 'active' } });
    expect(await reminders()).toHaveLength(1);
  });

  it('are no business of another patient', async () => {
    const stranger = await patient(stack, 'flow-records-stranger');
    const about = (method: string, below: string, body?: object) =>
      stack.call(method, `/users/flow-records${below}`, { token: stranger.token, ...(body && { body }) });
    const answers = await Promise.all([
      about('GET', '/reminders'),
      about('GET', '/preferences'),
      about('PUT', '/preferences', {}),
      about('GET', '/medications'),
      about('PUT', '/medications/med-records', { name: 'aspirin' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  });
});
