import type { JsonObject } from '#shared/jobs/ports.ts';
import { JOB_KINDS, kindsByName } from '#shared/jobs/registry.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import type { Settings } from '#shared/operations/engine.ts';
import { callerAs, createTestEngine, deliverAll, rowOf, submitted } from './test-engine.ts';

export const PHARMACIST = callerAs('pharmacist', 'pharmacist-1', ['user-1']);
export const INTERACTING = ['Zocor 40 mg', 'clarithromycin', 'warfarin', 'ibuprofen'];

/** An engine with every kind, on which interaction checks are submitted and run. */
export function createChecksBench(settings: Settings = { patientRelease: true }) {
  const engine = { ...createTestEngine(JOB_KINDS), settings };
  const kind = kindsByName().get('interaction-check');
  if (!kind) throw new Error('There is no interaction-check.');
  return {
    engine,
    /** A check that has ended; then a second passes. */
    checked: async (medications: readonly string[], userId = 'user-1'): Promise<JobRow> => {
      const payload = { user_id: userId, medications: [...medications] };
      const { jobId } = await submitted(engine, kind, { payload });
      await deliverAll(engine);
      engine.time.advance(1);
      return rowOf(engine, jobId);
    },
    resultOf: async (row: JobRow): Promise<JsonObject> => (await engine.store.result(row)) ?? {},
  };
}
