import { describe, expect, test } from 'vitest';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { BreakGlassStore, EmergencyGrants } from '#shared/operations/break-glass-ports.ts';
import { opened } from './sample-grants.ts';
import { NOW, sampleEntry, unique } from './sample-jobs.ts';

export interface EmergencyGrantsUnderTest {
  readonly store: BreakGlassStore;
  readonly grants: EmergencyGrants;
}

/** What every EmergencyGrants promises. */
export function emergencyGrantsContract(name: string, make: () => Promise<EmergencyGrantsUnderTest>): void {
  describe(`${name}: emergency access of somebody`, () => {
    test('is that person’s for that patient, and nobody else’s', async () => {
      const { store, grants } = await make();
      const grant = await opened(store);
      expect(await grants.newest(grant.actorRef, grant.userRef)).toEqual(grant);
      expect(await grants.newest(grant.actorRef, unique('user'))).toBeUndefined();
      expect(await grants.newest(unique('actor'), grant.userRef)).toBeUndefined();
    });

    test('is the newest one, and the other of no more use', async () => {
      const { store, grants } = await make();
      const { actorRef, userRef } = await opened(store);
      const next = await opened(store, { actorRef, userRef, grantedAt: addSeconds(NOW, 60) });
      expect(await grants.newest(actorRef, userRef)).toEqual(next);
    });

    test('is seen as it stands, also when it was ended a moment ago', async () => {
      const { store, grants } = await make();
      const grant = await opened(store);
      const after = { ...grant, endedAt: addSeconds(NOW, 1), revision: 2 };
      await store.change(grant, after, sampleEntry());
      expect(await grants.newest(grant.actorRef, grant.userRef)).toEqual(after);
    });

    test('is listed for each patient until it expires, the oldest first', async () => {
      const { store, grants } = await make();
      const first = await opened(store);
      const { actorRef } = first;
      const second = await opened(store, { actorRef, grantedAt: addSeconds(NOW, 60) });
      await opened(store);
      expect(await grants.unexpired(actorRef, NOW)).toEqual([first, second]);
      expect(await grants.unexpired(actorRef, first.expiresAt)).toEqual([second]);
      expect(await grants.unexpired(actorRef, second.expiresAt)).toEqual([]);
      expect(await grants.unexpired(unique('actor'), NOW)).toEqual([]);
    });
  });
}
