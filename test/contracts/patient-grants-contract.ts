import { describe, expect, test } from 'vitest';
import type {
  BreakGlassGrant,
  BreakGlassStore,
  PatientGrants,
} from '#shared/operations/break-glass-ports.ts';
import { judged, opened } from './sample-grants.ts';
import { NOW, sampleEntry, unique } from './sample-jobs.ts';

/** What every PatientGrants promises. */
export function patientGrantsContract(
  name: string,
  make: () => Promise<{ readonly store: BreakGlassStore; readonly ofPatient: PatientGrants }>,
): void {
  describe(`${name}: the grants for a patient`, () => {
    test('are all that anybody was given, judged or not, and nobody else’s', async () => {
      const { store, ofPatient } = await make();
      const userRef = unique('user');
      const [first, second] = [await opened(store, { userRef }), await opened(store, { userRef })];
      await opened(store, {});
      const after = judged(second, NOW);
      await store.change(second, after, sampleEntry());

      const lost: string[] = [];
      const found: BreakGlassGrant[] = [];
      for await (const grant of ofPatient(userRef, (id) => lost.push(id))) found.push(grant);
      expect(lost).toEqual([]);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining([first, after]));
    });
  });
}
