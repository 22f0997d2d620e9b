import { describe, expect, test } from 'vitest';
import type { MessageLease } from '#shared/operations/ports.ts';

export interface LeaseUnderTest {
  readonly lease: MessageLease;
  /** Sends a message and receives it under the queue's own timeout of `visibilitySeconds`. @returns its receipt handle */
  readonly hold: (visibilitySeconds: number) => Promise<string>;
  /** Deletes a received message. */
  readonly remove: (receiptHandle: string) => Promise<void>;
  /** How many messages a worker receives that waits up to so many seconds for the first one. */
  readonly receive: (waitSeconds: number) => Promise<number>;
}

/** What every MessageLease promises. */
export function messageLeaseContract(name: string, make: () => Promise<LeaseUnderTest>): void {
  describe(`${name}: the lease of a message`, () => {
    test('ends at once with 0 seconds', async () => {
      const { lease, hold, receive } = await make();
      const handle = await hold(600);
      expect(await receive(0)).toBe(0);
      await lease.setVisibility(handle, 0);
      expect(await receive(0)).toBe(1);
    });

    test('ends after the seconds that were asked for, however long the queue’s own timeout is', async () => {
      const { lease, hold, receive } = await make();
      await lease.setVisibility(await hold(600), 1);
      expect(await receive(15)).toBe(1);
    });

    test('goes on beyond the queue’s own timeout', async () => {
      const { lease, hold, receive } = await make();
      await lease.setVisibility(await hold(2), 600);
      expect(await receive(4)).toBe(0);
    });

    test('takes part of a second for a whole one', async () => {
      const { lease, hold, receive } = await make();
      await lease.setVisibility(await hold(600), 0.4);
      expect(await receive(15)).toBe(1);
    });

    test('is cut to what a queue can do instead of being refused', async () => {
      const { lease, hold, receive } = await make();
      const handle = await hold(600);
      // Twelve hours from now are more than twelve hours from the receive, which is all that SQS allows.
      for (const seconds of [43_200, 1_000_000]) {
        await lease.setVisibility(handle, seconds);
        expect(await receive(0)).toBe(0);
      }
      await lease.setVisibility(handle, -5);
      expect(await receive(0)).toBe(1);
    });

    test('throws for a message that nobody holds', async () => {
      const { lease, hold, remove } = await make();
      await expect(lease.setVisibility('no-such-handle', 10)).rejects.toThrow();
      const handle = await hold(600);
      await remove(handle);
      await expect(lease.setVisibility(handle, 10)).rejects.toThrow();
    });
  });
}
