import type { DrillRun } from '#shared/jobs/archive/drill-run.ts';
import { type DrillDeps, drillStep } from '#shared/jobs/archive/drill-step.ts';
import { secondsBetween } from '#shared/lifecycle/instant.ts';
import type { Log } from '#shared/operations/ports.ts';

export type RestoreDrillDeps = Omit<DrillDeps, 'mayGoOn'> & {
  readonly log: Log;
  /** After these a step ends with what it has done. */
  readonly stepSeconds: number;
};

/** One step of a drill; the answer is what the next step goes on with. */
export const restoreDrill =
  (deps: RestoreDrillDeps) =>
  async (run: DrillRun): Promise<DrillRun> => {
    const begun = deps.clock();
    const mayGoOn = () => secondsBetween(begun, deps.clock()) < deps.stepSeconds;
    const after = await drillStep({ ...deps, mayGoOn }, run);
    deps.log.info('drill.step_done', { reason: after.phase, count: after.faults.length });
    return after;
  };
