import { describe, expect, test } from 'vitest';
import type { Publisher, ReminderMessage } from '#shared/jobs/ports.ts';
import { NOW, unique } from './sample-jobs.ts';

export interface PublisherUnderTest {
  readonly publisher: Publisher;
  /** What has reached a subscriber so far. */
  readonly received: () => Promise<readonly unknown[]>;
}

/** What every Publisher promises. */
export function publisherContract(name: string, make: () => Promise<PublisherUnderTest>): void {
  const reminder = (): ReminderMessage => ({
    type: 'reminder.due',
    occurrence_id: unique('occurrence'),
    user_ref: 'user-ref',
    user_id: 'user-1',
    medication_id: 'medication-1',
    due_at: NOW,
    local_time: '09:08',
    time_zone: 'Europe/Berlin',
    late: false,
    possible_duplicate: false,
  });

  describe(`${name}: a publisher`, () => {
    test('hands a reminder over as it is', async () => {
      const { publisher, received } = await make();
      const message = reminder();
      await publisher.publishReminder(message);
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
