import { describe, expect, it } from 'vitest';
import type { RouteName } from '../contract/routes.ts';
import { type AccessRule, authorize, jobAccess, ROUTE_ACCESS, submitAccess } from './access.ts';
import type { Caller } from './caller.ts';
import { CARE_TEAM_SCOPES } from './caregiver-scopes.ts';

const refOf = (userId: string) => `ref:${userId}`;
const userRef = refOf('p1');
/** With a claim: what is stored has to stand against it. */
const doctor = (role: 'clinician' | 'pharmacist'): Caller => ({
  subject: 'd1',
  roles: [role],
  careFor: ['p1'],
});

/** What each route takes of the care team, by hand. Those that are not named are not for professionals by relation. */
const SCOPES: { readonly [N in RouteName]?: string } = {
  releaseFindings: 'release_findings',
  submitImport: 'manage_medications',
  listReminders: 'see_reminders',
  acknowledgeReminder: 'acknowledge_reminders',
  getPreferences: 'manage_preferences',
  putPreferences: 'manage_preferences',
  listMedications: 'see_supply',
  putMedication: 'manage_medications',
  stopMedication: 'manage_medications',
};

const rules: (readonly [name: string, rule: AccessRule, scope: string | undefined])[] = [
  ...(Object.keys(ROUTE_ACCESS) as RouteName[])
    .filter((route) => {
      const rule: AccessRule = ROUTE_ACCESS[route];
      // Of routes to jobs the kind says it.
      return rule.ofPatient.clinician === 'cares_for' && !/Jobs?$/.test(route);
    })
    .map((route) => [route, ROUTE_ACCESS[route], SCOPES[route]] as const),
  ['release of a check', jobAccess('releaseFindings', 'interaction-check'), 'release_findings'],
  ['a check', jobAccess('getJob', 'interaction-check'), 'see_interactions'],
  ['a reminder job', jobAccess('getJob', 'medication-reminder'), 'see_reminders'],
  ['cancelling a reminder job', jobAccess('cancelJob', 'medication-reminder'), 'manage_medications'],
  ['a job of a kind that no scope names', jobAccess('getJob', 'import-chunk'), undefined],
  ['an order', submitAccess(['clinician', 'pharmacist'], 'HIGH', 'refill-check'), 'see_supply'],
];

describe.each(['clinician', 'pharmacist'] as const)('a %s in the care team', (role) => {
  it.each(rules)('is let in for %s by its scope alone, whatever the claim says', (_, rule, scope) => {
    const isIn = (scopes: readonly string[]) =>
      authorize(rule, doctor(role), { userRef, refOf, careTeam: new Map([[userRef, new Set(scopes)]]) })
        .granted;
    expect(CARE_TEAM_SCOPES.filter((one) => isIn([one]))).toEqual(scope === undefined ? [] : [scope]);
    expect(isIn([])).toBe(false);
  });

  it('is not let in by what a caregiver was given, nor kept out by it', () => {
    const consents = new Map([[userRef, new Set<string>()]]);
    const rule = ROUTE_ACCESS.listReminders;
    expect(authorize(rule, doctor(role), { userRef, refOf, consents }).granted).toBe(true);
    const given = new Map([[userRef, new Set(['see_reminders'])]]);
    const unclaimed = { ...doctor(role), careFor: [] };
    expect(authorize(rule, unclaimed, { userRef, refOf, consents: given }).granted).toBe(false);
  });
});

it('lets in no role that stands to a patient otherwise', () => {
  const careTeam = new Map([[userRef, new Set<string>(CARE_TEAM_SCOPES)]]);
  for (const role of ['patient', 'caregiver', 'analyst', 'operator', 'auditor', 'admin'] as const) {
    const caller = { subject: 'd1', roles: [role], careFor: [] };
    expect(authorize(ROUTE_ACCESS.listReminders, caller, { userRef, refOf, careTeam }).granted).toBe(false);
  }
});
