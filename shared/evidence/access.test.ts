import { describe, expect, it } from 'vitest';
import type { RouteName } from '../contract/routes.ts';
import { PRIORITY_NAMES } from '../lifecycle/priority.ts';
import { ROLES, type Role } from '../lifecycle/role.ts';
import {
  type AccessRule,
  authorize,
  CRITICAL_ROLES,
  jobAccess,
  ROUTE_ACCESS,
  SUBMIT_RELATIONSHIP,
  submitAccess,
} from './access.ts';
import type { Caller } from './caller.ts';
import { CAREGIVER_SCOPES, type CaregiverScope } from './caregiver-scopes.ts';

const PATIENT = 'patient-1';

const refOf = (userId: string) => `ref:${userId}`;

/** What a caller can be to the patient. */
const RELATIONS = {
  self: { subject: PATIENT, careFor: [] },
  cares_for: { subject: 'other-1', careFor: ['patient-2', PATIENT] },
  stranger: { subject: 'other-1', careFor: ['patient-2'] },
} as const;

type Relation = keyof typeof RELATIONS;

const callerOf = (roles: readonly Role[], relation: Relation): Caller => ({ ...RELATIONS[relation], roles });

/**
 * The whole table once more, in words: for each route and role the relations that grant it, and whether the role alone
 * grants it for what is about nobody. Written out by hand, so that a change of the table must be meant.
 */
const ALL: readonly Relation[] = ['self', 'cares_for', 'stranger'];
const CARE = {
  patient: ['self'],
  caregiver: ['cares_for'],
  clinician: ['cares_for'],
  pharmacist: ['cares_for'],
};
const EXPECTED: Record<
  RouteName,
  { ofPatient: Partial<Record<Role, readonly string[]>>; ofNobody: readonly Role[] }
> = {
  listJobs: {
    ofPatient: { ...CARE, operator: ALL, auditor: ALL, admin: ALL, service: ALL },
    ofNobody: ['analyst', 'operator', 'auditor', 'admin', 'service'],
  },
  searchJobs: { ofPatient: { operator: ALL, auditor: ALL, admin: ALL, service: ALL }, ofNobody: [] },
  startBulkAction: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  getBulkAction: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  abortBulkAction: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  getJob: {
    ofPatient: { ...CARE, operator: ALL, auditor: ALL, admin: ALL, service: ALL },
    ofNobody: ['analyst', 'operator', 'auditor', 'admin', 'service'],
  },
  getEvidence: {
    ofPatient: { ...CARE, operator: ALL, auditor: ALL, admin: ALL, service: ALL },
    ofNobody: ['analyst', 'operator', 'auditor', 'admin', 'service'],
  },
  getReceipt: {
    ofPatient: { ...CARE, operator: ALL, auditor: ALL, admin: ALL, service: ALL },
    ofNobody: ['analyst', 'operator', 'auditor', 'admin', 'service'],
  },
  getJobAudit: { ofPatient: { auditor: ALL }, ofNobody: ['auditor'] },
  getUserAudit: { ofPatient: { auditor: ALL }, ofNobody: ['auditor'] },
  getActorAudit: { ofPatient: { auditor: ALL }, ofNobody: ['auditor'] },
  searchAudit: { ofPatient: { auditor: ALL }, ofNobody: ['auditor'] },
  cancelJob: {
    ofPatient: { ...CARE, operator: ALL, admin: ALL, service: ALL },
    ofNobody: ['operator', 'admin', 'service'],
  },
  retryJob: {
    ofPatient: { ...CARE, operator: ALL, admin: ALL, service: ALL },
    ofNobody: ['operator', 'admin', 'service'],
  },
  releaseFindings: {
    ofPatient: { clinician: ['cares_for'], pharmacist: ['cares_for'] },
    ofNobody: [],
  },
  findInteractionResults: { ofPatient: {}, ofNobody: ['pharmacist', 'auditor'] },
  recheckInteractions: { ofPatient: {}, ofNobody: ['pharmacist', 'admin'] },
  listReminders: { ofPatient: { ...CARE, service: ALL }, ofNobody: [] },
  acknowledgeReminder: { ofPatient: { ...CARE, service: ALL }, ofNobody: [] },
  reportDelivery: { ofPatient: { service: ALL }, ofNobody: [] },
  getPreferences: { ofPatient: { ...CARE, service: ALL }, ofNobody: [] },
  putPreferences: { ofPatient: { ...CARE, service: ALL }, ofNobody: [] },
  getCareTeam: { ofPatient: { patient: ['self'], admin: ALL, service: ALL }, ofNobody: [] },
  putCareTeam: { ofPatient: { patient: ['self'], admin: ALL, service: ALL }, ofNobody: [] },
  listMedications: { ofPatient: { ...CARE, service: ALL }, ofNobody: [] },
  putMedication: { ofPatient: { ...CARE, service: ALL }, ofNobody: [] },
  stopMedication: { ofPatient: { ...CARE, admin: ALL, service: ALL }, ofNobody: [] },
  exportUser: { ofPatient: { patient: ['self'], service: ALL }, ofNobody: [] },
  listDisclosures: {
    ofPatient: { patient: ['self'], auditor: ALL, admin: ALL, service: ALL },
    ofNobody: [],
  },
  requestErasure: { ofPatient: { admin: ALL }, ofNobody: [] },
  getErasure: { ofPatient: { auditor: ALL, admin: ALL }, ofNobody: [] },
  decideErasure: { ofPatient: { admin: ALL }, ofNobody: [] },
  revokeErasure: { ofPatient: { admin: ALL }, ofNobody: [] },
  submitImport: {
    ofPatient: { clinician: ['cares_for'], pharmacist: ['cares_for'], admin: ALL, service: ALL },
    ofNobody: ['clinician', 'pharmacist', 'admin', 'service'],
  },
  getImport: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  listPriorities: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  pausePriority: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  resumePriority: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  health: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  openBreakGlass: { ofPatient: { clinician: ALL, pharmacist: ALL }, ofNobody: [] },
  listBreakGlass: { ofPatient: {}, ofNobody: ['auditor', 'admin'] },
  getBreakGlass: { ofPatient: {}, ofNobody: ['auditor', 'admin'] },
  reviewBreakGlass: { ofPatient: {}, ofNobody: ['auditor', 'admin'] },
  revokeBreakGlass: { ofPatient: {}, ofNobody: ['clinician', 'pharmacist', 'admin'] },
};

const ABOUT = { userRef: refOf(PATIENT), refOf };

describe('ROUTE_ACCESS', () => {
  const cases = (Object.keys(EXPECTED) as RouteName[]).flatMap((route) =>
    ROLES.flatMap((role) => ALL.map((relation) => ({ route, role, relation }))),
  );

  it.each(cases)('$route by $role who is $relation', ({ route, role, relation }) => {
    const rule: AccessRule = ROUTE_ACCESS[route];
    const caller = callerOf([role], relation);
    const relations = EXPECTED[route].ofPatient[role];
    const expected = relations?.includes(relation)
      ? { granted: true, role }
      : { granted: false, reason: relations ? 'relationship' : 'role' };
    expect(authorize(rule, caller, ABOUT)).toEqual(expected);
  });

  it.each(cases)('$route about nobody by $role ($relation)', ({ route, role, relation }) => {
    const expected = EXPECTED[route].ofNobody.includes(role)
      ? { granted: true, role }
      : { granted: false, reason: 'role' };
    const caller = callerOf([role], relation);
    expect(authorize(ROUTE_ACCESS[route], caller)).toEqual(expected);
  });

  it('lets who made a job about nobody in, in the role in which they did, and nowhere else', () => {
    const rule = jobAccess('getJob', 'import');
    const made = (role: Role, madeAs: string | undefined, about?: typeof ABOUT) =>
      authorize(rule, callerOf([role], 'stranger'), about, madeAs).granted;
    expect(made('clinician', 'clinician')).toBe(true);
    expect(made('clinician', 'pharmacist')).toBe(false);
    expect(made('service', undefined)).toBe(false);
    expect(made('auditor', 'system:import')).toBe(true);
    // That they made it says nothing of whose data it holds.
    expect(made('clinician', 'clinician', ABOUT)).toBe(false);
    expect(
      authorize(
        jobAccess('cancelJob', 'import'),
        callerOf(['clinician'], 'stranger'),
        undefined,
        'clinician',
      ),
    ).toEqual({ granted: false, reason: 'role' });
  });

  it('shows analysts roll-ups only, and applications no import of another one', () => {
    const seenBy = (role: Role, route: 'getJob' | 'listJobs' | 'getEvidence' | 'getReceipt' | 'cancelJob') =>
      [
        'analytics-roll-up',
        'backup',
        'import',
        'import-chunk',
        'interaction-recheck',
        'restore-drill',
      ].filter((kind) => authorize(jobAccess(route, kind), callerOf([role], 'stranger')).granted);
    for (const route of ['getJob', 'listJobs', 'getEvidence', 'getReceipt'] as const)
      expect(seenBy('analyst', route)).toEqual(['analytics-roll-up']);
    expect(seenBy('analyst', 'cancelJob')).toEqual([]);
    for (const route of ['getJob', 'listJobs', 'getEvidence', 'getReceipt', 'cancelJob'] as const)
      expect(seenBy('service', route)).toEqual([
        'analytics-roll-up',
        'backup',
        'interaction-recheck',
        'restore-drill',
      ]);
    expect(seenBy('operator', 'getJob')).toHaveLength(6);
  });

  it('grants nothing to a caller without a role', () => {
    for (const rule of Object.values(ROUTE_ACCESS)) {
      expect(authorize(rule, callerOf([], 'self'), ABOUT).granted).toBe(false);
      expect(authorize(rule, callerOf([], 'self')).granted).toBe(false);
    }
  });
});

/** The scope that each route and each order of a kind takes, written out once more. */
const SCOPES: Partial<Record<RouteName, CaregiverScope>> = {
  listReminders: 'see_reminders',
  acknowledgeReminder: 'acknowledge_reminders',
  getPreferences: 'manage_preferences',
  putPreferences: 'manage_preferences',
  listMedications: 'see_supply',
  putMedication: 'manage_medications',
  stopMedication: 'manage_medications',
};
const OF_KIND: Record<string, readonly [seen: CaregiverScope, ordered: CaregiverScope]> = {
  'medication-reminder': ['see_reminders', 'manage_medications'],
  'reminder-delivery': ['see_reminders', 'manage_medications'],
  'schedule-update': ['see_reminders', 'manage_medications'],
  'refill-check': ['see_supply', 'see_supply'],
  'supply-monitor': ['see_supply', 'see_supply'],
  'interaction-check': ['see_interactions', 'see_interactions'],
};

describe('the consent of a patient to a caregiver', () => {
  const rules: (readonly [name: string, rule: AccessRule, scope: CaregiverScope | undefined])[] = [
    ...(Object.keys(EXPECTED) as RouteName[]).map(
      (route) => [route, ROUTE_ACCESS[route], SCOPES[route]] as const,
    ),
    ...[...Object.keys(OF_KIND), 'backup', 'import'].flatMap((kind) => {
      const [seen, ordered] = OF_KIND[kind] ?? [];
      return [
        [`getJob of ${kind}`, jobAccess('getJob', kind), seen],
        [`getReceipt of ${kind}`, jobAccess('getReceipt', kind), seen],
        [`getEvidence of ${kind}`, jobAccess('getEvidence', kind), seen],
        [`listJobs of ${kind}`, jobAccess('listJobs', kind), seen],
        [`cancelJob of ${kind}`, jobAccess('cancelJob', kind), ordered],
        [`retryJob of ${kind}`, jobAccess('retryJob', kind), ordered],
        [`submission of ${kind}`, submitAccess(['caregiver'], 'HIGH', kind), ordered],
      ] as const;
    }),
  ];
  const grantedBy = (rule: AccessRule, scopes: readonly CaregiverScope[], relation: Relation) =>
    authorize(rule, callerOf(['caregiver'], relation), {
      ...ABOUT,
      consents: new Map([[refOf(PATIENT), new Set(scopes)]]),
    }).granted;

  it.each(rules)('lets in for %s by its scope alone', (_, rule, scope) => {
    for (const relation of ALL) {
      const granted = CAREGIVER_SCOPES.filter((one) => grantedBy(rule, [one], relation));
      expect(granted).toEqual(scope === undefined ? [] : [scope]);
      // Revoked, ended or not yet begun: the claim does not bring it back.
      expect(grantedBy(rule, [], relation)).toBe(false);
    }
  });

  it('of another patient says nothing of this one', () => {
    const rule = ROUTE_ACCESS.listReminders;
    const consents = new Map([[refOf('patient-2'), new Set(['see_reminders'])]]);
    const granted = (relation: Relation) =>
      authorize(rule, callerOf(['caregiver'], relation), { ...ABOUT, consents }).granted;
    expect(granted('stranger')).toBe(false);
    expect(granted('cares_for')).toBe(true);
  });

  it('gives professionals nothing and takes nothing from them', () => {
    const about = { ...ABOUT, consents: new Map([[refOf(PATIENT), new Set(CAREGIVER_SCOPES)]]) };
    const none = { ...ABOUT, consents: new Map([[refOf(PATIENT), new Set<string>()]]) };
    const rule = ROUTE_ACCESS.listReminders;
    expect(authorize(rule, callerOf(['clinician'], 'stranger'), about).granted).toBe(false);
    expect(authorize(rule, callerOf(['clinician'], 'cares_for'), none).granted).toBe(true);
  });
});

describe('submitAccess', () => {
  const cases = ROLES.flatMap((role) => ALL.map((relation) => ({ role, relation })));

  it.each(cases)('a kind open to $role, submitted by one who is $relation', ({ role, relation }) => {
    const need = SUBMIT_RELATIONSHIP[role];
    const granted = need === 'any' || need === relation;
    const rule = submitAccess([role], 'HIGH');
    expect(authorize(rule, callerOf([role], relation), ABOUT)).toEqual(
      granted ? { granted, role } : { granted, reason: 'relationship' },
    );
  });

  it('refuses every role that the kind does not name', () => {
    for (const role of ROLES) {
      const others = ROLES.filter((other) => other !== role);
      expect(authorize(submitAccess(others, 'HIGH'), callerOf([role], 'self'), ABOUT)).toEqual({
        granted: false,
        reason: 'role',
      });
    }
  });

  it('holds patients to their own id, whatever other id they name', () => {
    const rule = submitAccess(['patient'], 'HIGH');
    expect(authorize(rule, callerOf(['patient'], 'stranger'), ABOUT).granted).toBe(false);
    // Whom a patient cares for is the business of the role caregiver.
    expect(authorize(rule, callerOf(['patient'], 'cares_for'), ABOUT).granted).toBe(false);
  });

  it('leaves CRITICAL to clinical roles and services', () => {
    const granted = ROLES.filter((role) => {
      const relation = SUBMIT_RELATIONSHIP[role] === 'self' ? 'self' : 'cares_for';
      return authorize(submitAccess(ROLES, 'CRITICAL'), callerOf([role], relation), ABOUT).granted;
    });
    expect(granted).toEqual([...CRITICAL_ROLES]);
  });

  it('asks for no such role at the other priorities', () => {
    for (const priority of PRIORITY_NAMES.filter((name) => name !== 'CRITICAL'))
      expect(authorize(submitAccess(['patient'], priority), callerOf(['patient'], 'self'), ABOUT)).toEqual({
        granted: true,
        role: 'patient',
      });
  });

  it('names the role that grants it when the caller has several', () => {
    const rule = submitAccess(ROLES, 'HIGH');
    expect(authorize(rule, callerOf(['admin', 'patient'], 'self'), ABOUT)).toMatchObject({
      role: 'patient',
    });
    expect(authorize(rule, callerOf(['admin', 'patient'], 'stranger'), ABOUT)).toMatchObject({
      role: 'admin',
    });
  });
});
