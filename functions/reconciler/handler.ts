import { measureBackupAge } from '#shared/operations/measure-backup-age.ts';
import { measureBreakGlass } from '#shared/operations/measure-break-glass.ts';
import { measureKeys } from '#shared/operations/measure-keys.ts';
import { measureSubscriptions } from '#shared/operations/measure-subscriptions.ts';
import { reconcile } from '#shared/operations/reconcile.ts';
import { runBulkActions } from '#shared/operations/run-bulk-actions.ts';
import { tryEach } from '#shared/operations/try-each.ts';

export type ReconcilerDeps = Parameters<typeof reconcile>[0] &
  Parameters<typeof measureSubscriptions>[0] &
  Parameters<typeof measureKeys>[0] &
  Parameters<typeof measureBreakGlass>[0] &
  Parameters<typeof measureBackupAge>[0] &
  Parameters<typeof runBulkActions>[0];

/** Runs at EventBridge's every-minute rule; the event says nothing that is needed. */
export const reconciler =
  (deps: ReconcilerDeps) =>
  async (_event: unknown): Promise<void> => {
    const steps = [
      // First: without a key, what follows may fail slowly.
      () => measureKeys(deps),
      () => reconcile(deps),
      () => measureSubscriptions(deps),
      () => measureBreakGlass(deps),
      () => measureBackupAge(deps),
      // Last: it may take up to half a minute.
      () => runBulkActions(deps),
    ];
    // What can be done is done, whatever else fails.
    await tryEach(steps, async (step) => {
      await step();
    });
  };
