import { scopesAt } from '../clinical/index.ts';
import type { AccessRule, Consents } from '../evidence/access.ts';
import type { Caller } from '../evidence/caller.ts';
import type { Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';

/**
 * What these patients let the caller do as their caregiver, at that moment. One read, and none when the rule lets no
 * caregiver in, the caller is none, or the only patient is the caller.
 */
export async function caregiverConsents(
  deps: Pick<Engine, 'records' | 'refs'>,
  rule: AccessRule,
  caller: Caller,
  owners: readonly Ref[],
  now: Instant,
): Promise<Consents> {
  if (rule.ofPatient.caregiver === undefined || !caller.roles.includes('caregiver')) return new Map();
  const self = deps.refs.user(caller.subject);
  const others = [...new Set(owners)].filter(
    (owner) => !(owner === self && caller.roles.includes('patient')),
  );
  if (others.length === 0) return new Map();
  const users = await deps.records.readMany(
    others.map((owner) => ({ type: 'user' as const, owner, id: '' })),
  );
  return new Map(
    others.flatMap((owner, index) => {
      const grants = users[index]?.body.preferences?.caregivers ?? [];
      const scopes = scopesAt(grants, caller.subject, now);
      return scopes ? [[owner, scopes] as const] : [];
    }),
  );
}
