import { tick } from '#shared/operations/tick.ts';

export type TickDeps = Parameters<typeof tick>[0];

/** Runs at EventBridge's every-minute rule; the event says nothing that is needed. */
export const tickHandler =
  (deps: TickDeps) =>
  async (_event: unknown): Promise<void> => {
    await tick(deps);
  };
