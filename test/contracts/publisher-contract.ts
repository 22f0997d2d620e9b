import { describe, expect, test } from 'vitest';
import type { AccessMessage, Publisher, ReminderMessage, SupplyMessage } from '#shared/jobs/ports.ts';
import { sampleReminder } from '../builders/sample-reminder.ts';
import { unique } from './sample-jobs.ts';

export interface PublisherUnderTest {
  readonly publisher: Publisher;
  /** What has reached a subscriber so far. */
  readonly received: () => Promise<readonly unknown[]>;
}

/** What every Publisher promises. */
export function publisherContract(name: string, make: () => Promise<PublisherUnderTest>): void {
  const reminder = (over: Partial<ReminderMessage> = {}): ReminderMessage =>
    sampleReminder({ occurrence_id: unique('occurrence'), message_id: unique('message'), ...over });

  const supply = (): SupplyMessage => ({
    type: 'supply.urgency_changed',
    event_id: unique('event'),
    user_ref: 'user-ref',
    user_id: 'user-1',
    medication_id: 'medication-1',
    job_id: 'job-1',
    possible_duplicate: false,
  });

  const access = (): AccessMessage => ({
    type: 'access.break_glass',
    event_id: unique('event'),
    user_ref: 'user-ref',
    user_id: 'user-1',
    grant_id: 'grant-1',
    role: 'clinician',
    granted_at: '2031-05-06T07:08:09.123Z',
    expires_at: '2031-05-06T08:08:09.123Z',
    possible_duplicate: false,
  });

  describe(`${name}: a publisher`, () => {
    test('hands a reminder over as it is', async () => {
      const { publisher, received } = await make();
      const message = reminder();
      await publisher.publishReminder(message);
      expect(await received()).toEqual([message]);
    });

    test.each<Partial<ReminderMessage>>([
      { type: 'reminder.follow_up', channels: ['push', 'sms'] },
      { type: 'reminder.escalation', to: 'caregiver', caregiver_ids: ['daughter'] },
      { type: 'reminder.needs_confirmation', text: { title: 'Größe', body: '„Ungewöhnliches“ – 💊 <b>&' } },
    ])('hands every kind of message over as it is: %j', async (over) => {
      const { publisher, received } = await make();
      const message = reminder(over);
      await publisher.publishReminder(message);
      expect(await received()).toEqual([message]);
    });

    test('hands a change of supply over as it is', async () => {
      const { publisher, received } = await make();
      const message = supply();
      await publisher.publishSupply(message);
      expect(await received()).toEqual([message]);
    });

    test('hands a notice of emergency access over as it is', async () => {
      const { publisher, received } = await make();
      const message = access();
      await publisher.publishAccess(message);
      expect(await received()).toEqual([message]);
    });

    test('hands an erasure over as it is', async () => {
      const { publisher, received } = await make();
      const message = {
        type: 'user.erased',
        event_id: unique('event'),
        user_ref: 'ref',
        user_id: 'user-1',
        erasure_id: 'erasure-1',
        due_at: '2027-03-01T08:00:00.000Z',
        possible_duplicate: false,
      } as const;
      await publisher.publishErasure(message);
      expect(await received()).toEqual([message]);
    });

    test('does not deduplicate: who publishes twice is heard twice', async () => {
      const { publisher, received } = await make();
      const message = reminder();
      await publisher.publishReminder(message);
      await publisher.publishReminder({ ...message, possible_duplicate: true });
      const flags = (await received()).map((one) =>
        JSON.stringify(one).includes('"possible_duplicate":true'),
      );
      expect(flags.toSorted()).toEqual([false, true]);
    });
  });
}
