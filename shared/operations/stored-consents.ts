import { scopesAt } from '../clinical/index.ts';
import type { AccessRule, StoredConsents } from '../evidence/access.ts';
import type { Caller } from '../evidence/caller.ts';
import type { RecordKey, Ref, StoredRecord } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import type { Engine } from './engine.ts';

/**
 * What these patients let the caller do at that moment: as their caregiver, and as one of their care team. One read, and
 * none when the rule lets in no role of the caller that consents are about, or the only patient is the caller. Who was erased
 * lets nobody do anything: their consents are gone, and a claim does not take their place.
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
  const claimed = new Set(types.length > 0 ? caller.careFor.map(deps.refs.user) : []);
  const marks = others
    .filter((owner) => claimed.has(owner))
    .map((owner): RecordKey<'erased'> => ({ type: 'erased', owner, id: '' }));
  const all: readonly RecordKey<'user' | 'careTeam' | 'erased'>[] = [...keys, ...marks];
  const records = all.length > 0 ? await deps.records.readMany(all) : [];
  const consents = new Map<Ref, ReadonlySet<string>>();
  const careTeam = new Map<Ref, ReadonlySet<string>>();
  for (const [index, { owner }] of all.entries()) {
    const record = records[index];
    if (!record) continue;
    if (isMark(record)) {
      for (const list of [consents, careTeam]) list.set(owner, NOTHING);
      continue;
    }
    const { body } = record;
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

const NOTHING: ReadonlySet<string> = new Set();

const isMark = (record: StoredRecord<'user' | 'careTeam' | 'erased'>): record is StoredRecord<'erased'> =>
  record.type === 'erased';
