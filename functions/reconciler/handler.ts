import { reconcile } from '#shared/operations/reconcile.ts';

export type ReconcilerDeps = Parameters<typeof reconcile>[0];

/** Runs at EventBridge's every-minute rule; the event says nothing that is needed. */
export const reconciler =
  (deps: ReconcilerDeps) =>
  async (_event: unknown): Promise<void> => {
    await reconcile(deps);
  };
