import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CAREGIVER_SCOPES } from '#shared/evidence/caregiver-scopes.ts';
import type { CaregiverGrant } from '#shared/jobs/ports.ts';
import { process } from '#shared/jobs/reminder-delivery/process.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import { DUE, deliveryBench, EXPIRES } from '#test/builders/delivery-bench.ts';

const around = fc.integer({ min: -60, max: 420 }).map((minutes) => addSeconds(DUE, minutes * 60));
const grant: fc.Arbitrary<CaregiverGrant> = fc.record(
  {
    caregiverId: fc.constantFrom('daughter', 'son', 'neighbour'),
    scopes: fc.subarray([...CAREGIVER_SCOPES], { minLength: 1 }),
    consentedAt: around,
    start: around,
    end: around,
    revokedAt: around,
  },
  { requiredKeys: ['caregiverId', 'scopes', 'consentedAt', 'start'] },
);

const holders = (grants: readonly CaregiverGrant[], at: Instant): string[] => {
  const holds = ({ scopes, consentedAt, start, end, revokedAt }: CaregiverGrant) =>
    scopes.includes('receive_escalations') &&
    revokedAt === undefined &&
    !(at < consentedAt || at < start || (end !== undefined && at >= end));
  return [...new Set(grants.filter(holds).map(({ caregiverId }) => caregiverId))].toSorted();
};

it('an escalation tells exactly those whose consent holds in the moment in which it leaves, and leaves to nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(grant, { maxLength: 5 }),
      around.filter((at) => at >= DUE),
      fc.integer({ min: 0, max: 3 }),
      async (caregivers, now, minutesOfTheIntent) => {
        const { bench, job, dose } = deliveryBench({
          now,
          status: 'published',
          preferences: { caregivers },
          order: { purpose: 'escalation', tell_at: DUE, cause: 'unanswered' },
        });
        const world = bench.world();
        const recordIntentWhile: typeof world.recordIntentWhile = async (...intent) => {
          await world.recordIntentWhile(...intent);
          bench.now = addSeconds(bench.now, minutesOfTheIntent * 60);
        };
        bench.commit(await process(job(), { ...world, recordIntentWhile }));
        const isBegun = holders(caregivers, now).length > 0 && bench.now < EXPIRES;
        const allowed = isBegun ? holders(caregivers, bench.now) : [];
        const told = bench.publisher.all.map(({ caregiver_ids: ids = [] }) => [...ids].toSorted());
        expect(told).toEqual(allowed.length > 0 ? [allowed] : []);
        expect(dose()?.escalatedAt !== undefined).toBe(allowed.length > 0);
      },
    ),
    { numRuns: 300 },
  );
});
