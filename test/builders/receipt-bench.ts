import { getReceipt } from '#shared/operations/get-receipt.ts';
import { sealHours } from '#shared/operations/seal-hours.ts';
import { createInMemoryTrail, createSealKey } from '#test/fakes/in-memory-seals.ts';
import { callerAs, createTestEngine, deliverAll, requestAt, submitted } from './test-engine.ts';
import { testKind } from './test-kinds.ts';

/** What is ordered. */
export const RECEIPT_BODY = { user_id: 'user-1' };

/** A job that has succeeded, with others in its hour, whose trail a test has sealed when it likes to. */
export async function receiptBench() {
  const kind = testKind({
    process: async () => ({ end: 'succeeded', result: { secret: 'finding' }, summary: 'done' }),
  });
  const engine = createTestEngine([kind]);
  const key = createSealKey();
  for (let other = 0; other < 3; other += 1)
    await submitted(engine, kind, { payload: { user_id: `other-${other}` } });
  const { jobId } = await submitted(engine, kind, { payload: RECEIPT_BODY });
  await deliverAll(engine);
  return {
    engine,
    kind,
    key,
    jobId,
    seal: async (): Promise<void> => {
      engine.time.advance(1_800);
      const trail = createInMemoryTrail(() => engine.db.audit.values());
      await sealHours({
        ...engine,
        trail,
        sign: key.sign,
        keyId: 'arn:aws:kms:us-east-1:000000000000:key/test',
      });
    },
    receipt: (caller = callerAs('patient', 'user-1'), of = jobId) =>
      getReceipt(engine, caller, of, requestAt(engine)),
  };
}
