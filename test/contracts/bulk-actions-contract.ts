import { describe, expect, test } from 'vitest';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { BulkAction, BulkActions } from '#shared/operations/bulk-ports.ts';
import { NOW, sampleEntry, unique } from './sample-jobs.ts';

const sample = (over: Partial<BulkAction> = {}): BulkAction => ({
  bulkActionId: unique('bulk'),
  fingerprint: 'f',
  action: 'cancel',
  filter: { priority: 'LOW', errorCode: 'dependency_down' },
  ratePerSecond: 5,
  actor: { ref: 'actor', role: 'operator', purpose: { code: 'HOPERAT', declared: false } },
  correlationId: 'c-1',
  createdAt: NOW,
  updatedAt: NOW,
  status: 'running',
  matched: { count: 3, more: false },
  changed: 0,
  refused: 0,
  revision: 1,
  ...over,
});

/** What every BulkActions promises. */
export function bulkActionsContract(
  name: string,
  make: () => Promise<{
    readonly bulkActions: BulkActions;
    readonly audited: (correlationId: string) => Promise<readonly string[]>;
  }>,
): void {
  describe(`${name}: bulk actions`, () => {
    test('stand as they were started, once, with their audit entry', async () => {
      const { bulkActions, audited } = await make();
      const correlationId = unique('correlation');
      const action = sample();
      const entry = () => sampleEntry({ action: 'bulk_action.started', correlationId });
      expect(await bulkActions.start(action, entry())).toBeUndefined();
      expect(await bulkActions.start({ ...action, ratePerSecond: 1 }, entry())).toEqual(action);
      expect(await bulkActions.read(action.bulkActionId)).toEqual(action);
      expect(await bulkActions.read(unique('bulk'))).toBeUndefined();
      expect(await audited(correlationId)).toEqual(['bulk_action.started']);
    });

    test('change as they were read, and lose what they no longer have', async () => {
      const { bulkActions, audited } = await make();
      const correlationId = unique('correlation');
      const action = sample({ cursor: 'x', leaseUntil: addSeconds(NOW, 5) });
      await bulkActions.start(action, sampleEntry());
      const { cursor, leaseUntil, ...rest } = action;
      const after: BulkAction = { ...rest, status: 'aborted', endedAt: NOW, changed: 2, revision: 2 };
      const entry = () => sampleEntry({ action: 'bulk_action.aborted', correlationId });
      expect(await bulkActions.change(action, after, entry())).toBe(true);
      expect(await bulkActions.change(action, { ...after, changed: 9 }, entry())).toBe(false);
      expect(await bulkActions.read(action.bulkActionId)).toEqual(after);
      expect(await audited(correlationId)).toEqual(['bulk_action.aborted']);
      const last = { ...after, changed: 3, unreadable: 1, revision: 3 };
      expect(await bulkActions.change(after, last)).toBe(true);
      expect(await bulkActions.read(action.bulkActionId)).toEqual(last);
    });

    test('are listed while they run, the oldest first', async () => {
      const { bulkActions } = await make();
      const [young, old, ended] = [
        sample({ createdAt: NOW }),
        sample({ createdAt: addSeconds(NOW, -60) }),
        sample({ createdAt: addSeconds(NOW, -90) }),
      ];
      for (const action of [young, old, ended]) await bulkActions.start(action, sampleEntry());
      await bulkActions.change(ended, { ...ended, status: 'completed', endedAt: NOW, revision: 2 });
      const ids = (await bulkActions.running(50)).map(({ bulkActionId }) => bulkActionId);
      const own = [young, old, ended].map(({ bulkActionId }) => bulkActionId);
      expect(ids.filter((id) => own.includes(id))).toEqual([old.bulkActionId, young.bulkActionId]);
      expect(await bulkActions.running(1)).toHaveLength(1);
    });
  });
}
