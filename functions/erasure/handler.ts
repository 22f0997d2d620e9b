import { eraseDue } from '#shared/operations/erase-due.ts';

export type ErasureDeps = Parameters<typeof eraseDue>[0];

/** Runs at EventBridge's rule; the event says nothing that is needed: whose time has come stands in a list. */
export const erasure =
  (deps: ErasureDeps) =>
  async (_event: unknown): Promise<void> => {
    await eraseDue(deps);
  };
