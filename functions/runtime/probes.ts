import { batchGet } from '#shared/adapters/batch-get.ts';
import { createExpiringCache } from '#shared/adapters/expiring-cache.ts';
import { HASH_KEY_KEY } from '#shared/adapters/item-keys.ts';
import { loadRefs } from '#shared/adapters/refs.ts';
import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';
import { redactionHolds } from '#shared/evidence/redaction-self-test.ts';
import type { HealthProbe } from '#shared/operations/check-health.ts';
import type { Base } from './base.ts';
import { channelState } from './channel-parts.ts';
import type { FieldKeys } from './field-keys.ts';

/** How long a good verdict about the key stands. A bad one is not kept: the next request asks again. */
const VERDICT_MS = 60_000;

/**
 * What the HIPAA step asks. The key counts as usable when it has just unwrapped one of the data keys, and as right when
 * that is the one this environment hashes with.
 */
export function complianceProbes({
  freshKeys,
  refs,
}: Pick<FieldKeys, 'freshKeys' | 'refs'>): ComplianceProbes {
  const verdicts = createExpiringCache<boolean>(1, VERDICT_MS);
  let redaction: boolean | undefined;
  return {
    encryptionKeyUsable: () => verdicts.get('field-key', () => unwrapsTheRightKey(freshKeys, refs)),
    redactionHolds: async () => (redaction ??= redactionHolds()),
  };
}

/** What `GET /health` asks: whether the database answers, the field encryption's key can be used, and anybody hears of a dose. */
export function healthProbes(base: Base, { dynamo, freshKeys }: FieldKeys): readonly HealthProbe[] {
  const channels = channelState(base);
  return [
    {
      part: 'database',
      answers: async () => {
        await batchGet(dynamo, [{ table: base.variable('JOBS_TABLE'), ...HASH_KEY_KEY }]);
        return true;
      },
    },
    { part: 'field-key', answers: () => canUnwrap(freshKeys) },
    {
      part: 'reminder-topic',
      answers: async () => (await channels.confirmedSubscriptions()) > 0,
      degrades: true,
    },
  ];
}

async function canUnwrap(freshKeys: FieldKeys['freshKeys']): Promise<boolean> {
  await freshKeys().hashKey();
  return true;
}

/** Nobody's id. */
const CANARY = 'compliance-canary';

/** @throws Error when another key was unwrapped than the one in use, so that the verdict is not kept */
async function unwrapsTheRightKey(
  freshKeys: FieldKeys['freshKeys'],
  refs: FieldKeys['refs'],
): Promise<boolean> {
  const [fresh, inUse] = await Promise.all([loadRefs(freshKeys()), refs()]);
  if (fresh.user(CANARY) !== inUse.user(CANARY))
    throw new Error('The field key unwraps another key than the one in use.');
  return true;
}
