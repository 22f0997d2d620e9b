import { measureBackupAge } from '#shared/operations/measure-backup-age.ts';
import { measureOverdueReviews } from '#shared/operations/measure-overdue-reviews.ts';
import { measureSubscriptions } from '#shared/operations/measure-subscriptions.ts';
import { reconcile } from '#shared/operations/reconcile.ts';
import { tryEach } from '#shared/operations/try-each.ts';

export type ReconcilerDeps = Parameters<typeof reconcile>[0] &
  Parameters<typeof measureSubscriptions>[0] &
  Parameters<typeof measureOverdueReviews>[0] &
  Parameters<typeof measureBackupAge>[0];

/** Runs at EventBridge's every-minute rule; the event says nothing that is needed. */
export const reconciler =
  (deps: ReconcilerDeps) =>
  async (_event: unknown): Promise<void> => {
    const steps = [
      () => reconcile(deps),
      () => measureSubscriptions(deps),
      () => measureOverdueReviews(deps),
      () => measureBackupAge(deps),
    ];
    // What can be done is done, whatever else fails.
    await tryEach(steps, async (step) => {
      await step();
    });
  };
