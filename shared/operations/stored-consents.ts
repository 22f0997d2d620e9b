import { scopesAt } from '../clinical/index.ts';
import type { AccessRule, StoredConsents } from '../evidence/access.ts';
import type { Caller } from '../evidence/caller.ts';
import type { RecordKey, Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import type { Engine } from './engine.ts';

/**
 * What these patients let the caller do at that moment: as their caregiver, and as one of their care team. One read, and
 * none when the rule lets in no role of the caller that consents are about, or the only patient is the caller.
 */
export async function storedConsents(
  deps: Pick<Engine, 'records' | 'refs'>,
  rule: AccessRule,
  caller: Caller,
  owners: readonly Ref[],
  now: Instant,
): Promise<StoredConsents> {
  const needs = (role: Role) => rule.ofPatient[role] === 'cares_for' && caller.roles.includes(role);
  const self = deps.refs.user(caller.subject);
  const isOwn = (owner: Ref) => owner === self && caller.roles.includes('patient');
  const others = [...new Set(owners)].filter((owner) => !isOwn(owner));
  const types = [
    ...(needs('caregiver') ? (['user'] as const) : []),
    ...(needs('clinician') || needs('pharmacist') ? (['careTeam'] as const) : []),
  ];
  const keys = types.flatMap((type) =>
    others.map((owner): RecordKey<'user' | 'careTeam'> => ({ type, owner, id: '' })),
  );
  const records = keys.length > 0 ? await deps.records.readMany(keys) : [];
  const consents = new Map<Ref, ReadonlySet<string>>();
  const careTeam = new Map<Ref, ReadonlySet<string>>();
  for (const [index, { owner }] of keys.entries()) {
    const body = records[index]?.body;
    if (!body) continue;
    const isTeam = 'members' in body;
    const scopes = scopesAt(
      isTeam ? body.members : (body.preferences?.caregivers ?? []),
      caller.subject,
      now,
    );
    if (scopes) (isTeam ? careTeam : consents).set(owner, scopes);
  }
  return { consents: consents, careTeam: careTeam };
}
