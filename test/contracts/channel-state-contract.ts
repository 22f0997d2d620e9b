import { describe, expect, test } from 'vitest';
import type { ChannelState } from '#shared/operations/ports.ts';

export interface ChannelStateUnderTest {
  readonly channels: ChannelState;
  /** Subscribes somebody, confirmed. */
  readonly subscribe: () => Promise<void>;
  /** Of a topic that does not stand. */
  readonly gone: ChannelState;
}

/** What every ChannelState promises. */
export function channelStateContract(name: string, make: () => Promise<ChannelStateUnderTest>): void {
  describe(`${name}: the state of the channels`, () => {
    test('tells how many subscriptions are confirmed', async () => {
      const { channels, subscribe } = await make();
      expect(await channels.confirmedSubscriptions()).toBe(0);
      await subscribe();
      expect(await channels.confirmedSubscriptions()).toBe(1);
      await subscribe();
      expect(await channels.confirmedSubscriptions()).toBe(2);
    });

    test('throws when it cannot be found out: that is not the same as nobody', async () => {
      const { gone } = await make();
      await expect(gone.confirmedSubscriptions()).rejects.toThrow(Error);
    });
  });
}
