import { describe, expect, test } from 'vitest';
import type { KeyStates } from '#shared/operations/ports.ts';

export interface KeyStatesUnderTest {
  /** Of three keys, `first`, `second` and `third`, that can be used. */
  readonly keyStates: KeyStates;
  readonly disable: (name: string) => Promise<void>;
  readonly enable: (name: string) => Promise<void>;
  readonly orderDeletion: (name: string) => Promise<void>;
  /** Where nobody answers. */
  readonly unreachable: KeyStates;
}

/** What every KeyStates promises. */
export function keyStatesContract(name: string, make: () => Promise<KeyStatesUnderTest>): void {
  describe(`${name}: the states of keys`, () => {
    test('tells of keys that are disabled or about to be deleted, and of no other', async () => {
      const { keyStates, disable, enable, orderDeletion } = await make();
      expect(await keyStates.unusable()).toEqual([]);
      await disable('second');
      await orderDeletion('third');
      expect(await keyStates.unusable()).toEqual([
        { name: 'second', state: 'Disabled' },
        { name: 'third', state: 'PendingDeletion' },
      ]);
      await enable('second');
      expect(await keyStates.unusable()).toEqual([{ name: 'third', state: 'PendingDeletion' }]);
    });

    test('throws when it cannot be found out: that is not the same as none', async () => {
      const { unreachable } = await make();
      await expect(unreachable.unusable()).rejects.toThrow(Error);
    });
  });
}
