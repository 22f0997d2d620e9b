import { describe, expect, test } from 'vitest';
import { type DrillRun, newDrill } from '#shared/jobs/archive/drill-run.ts';
import type { RestoreDrill } from '#shared/jobs/ports.ts';

const BEGUN = '2031-05-06T07:00:00.000Z';
const MOST_STEPS = 200;

/** What every RestoreDrill promises, whatever has been backed up. */
export function restoreDrillContract(name: string, make: () => Promise<RestoreDrill>): void {
  describe(`${name}: a drill`, () => {
    test('is done step by step, from where the last one ended', async () => {
      const drill = await make();
      let run: DrillRun = newDrill(BEGUN);
      for (let steps = 0; run.phase !== 'done' && steps < MOST_STEPS; steps += 1) run = await drill.step(run);
      expect(run).toMatchObject({ phase: 'done', started_at: BEGUN });
      // It has either restored something or says what is wrong.
      expect(run.tables.length + run.faults.length).toBeGreaterThan(0);
      if (run.faults.length === 0) for (const { expected, found } of run.tables) expect(found).toBe(expected);
    });

    test('that has failed only takes away what stands', async () => {
      const drill = await make();
      const failed = { ...newDrill(BEGUN), phase: 'empty' as const, faults: ['What was wrong.'] };
      expect(await drill.step(failed)).toMatchObject({ phase: 'done', tables: [], faults: failed.faults });
    });
  });
}
