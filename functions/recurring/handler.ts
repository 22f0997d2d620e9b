import type { RecurringEvent } from '#shared/contract/functions.ts';
import { startRecurring } from '#shared/operations/start-recurring.ts';

export type RecurringDeps = Parameters<typeof startRecurring>[0];

/** Submits the job of the rule that fired. What the event lacks is refused by the operation and seen as an error. */
export const recurring =
  (deps: RecurringDeps) =>
  async (event: RecurringEvent): Promise<void> => {
    await startRecurring(deps, event);
  };
