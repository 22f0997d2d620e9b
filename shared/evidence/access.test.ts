import { describe, expect, it } from 'vitest';
import type { RouteName } from '../contract/routes.ts';
import { PRIORITY_NAMES } from '../lifecycle/priority.ts';
import { ROLES, type Role } from '../lifecycle/role.ts';
import {
  type AccessRule,
  authorize,
  authorizeByRef,
  CRITICAL_ROLES,
  ROUTE_ACCESS,
  SUBMIT_RELATIONSHIP,
  submitAccess,
} from './access.ts';
import type { Caller } from './caller.ts';

const PATIENT = 'patient-1';

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
  getJob: {
    ofPatient: { ...CARE, operator: ALL, auditor: ALL, admin: ALL, service: ALL },
    ofNobody: ['analyst', 'operator', 'auditor', 'admin', 'service'],
  },
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
  listMedications: { ofPatient: { ...CARE, service: ALL }, ofNobody: [] },
  putMedication: { ofPatient: { ...CARE, service: ALL }, ofNobody: [] },
  stopMedication: { ofPatient: { ...CARE, admin: ALL, service: ALL }, ofNobody: [] },
  submitImport: {
    ofPatient: { clinician: ['cares_for'], pharmacist: ['cares_for'], admin: ALL, service: ALL },
    ofNobody: ['clinician', 'pharmacist', 'admin', 'service'],
  },
  getImport: { ofPatient: {}, ofNobody: ['clinician', 'pharmacist', 'operator', 'admin', 'service'] },
  listPriorities: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  pausePriority: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  resumePriority: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
  health: { ofPatient: {}, ofNobody: ['operator', 'admin'] },
};

const refOf = (userId: string) => `ref:${userId}`;

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
    expect(authorize(rule, caller, PATIENT)).toEqual(expected);
    expect(authorizeByRef(rule, caller, refOf(PATIENT), refOf)).toEqual(expected);
  });

  it.each(cases)('$route about nobody by $role ($relation)', ({ route, role, relation }) => {
    const expected = EXPECTED[route].ofNobody.includes(role)
      ? { granted: true, role }
      : { granted: false, reason: 'role' };
    const caller = callerOf([role], relation);
    expect(authorize(ROUTE_ACCESS[route], caller)).toEqual(expected);
    expect(authorizeByRef(ROUTE_ACCESS[route], caller, undefined, refOf)).toEqual(expected);
  });

  it('grants nothing to a caller without a role', () => {
    for (const rule of Object.values(ROUTE_ACCESS)) {
      expect(authorize(rule, callerOf([], 'self'), PATIENT).granted).toBe(false);
      expect(authorize(rule, callerOf([], 'self')).granted).toBe(false);
    }
  });
});

describe('submitAccess', () => {
  const cases = ROLES.flatMap((role) => ALL.map((relation) => ({ role, relation })));

  it.each(cases)('a kind open to $role, submitted by one who is $relation', ({ role, relation }) => {
    const need = SUBMIT_RELATIONSHIP[role];
    const granted = need === 'any' || need === relation;
    const rule = submitAccess([role], 'HIGH');
    expect(authorize(rule, callerOf([role], relation), PATIENT)).toEqual(
      granted ? { granted, role } : { granted, reason: 'relationship' },
    );
  });

  it('refuses every role that the kind does not name', () => {
    for (const role of ROLES) {
      const others = ROLES.filter((other) => other !== role);
      expect(authorize(submitAccess(others, 'HIGH'), callerOf([role], 'self'), PATIENT)).toEqual({
        granted: false,
        reason: 'role',
      });
    }
  });

  it('holds patients to their own id, whatever other id they name', () => {
    const rule = submitAccess(['patient'], 'HIGH');
    expect(authorize(rule, callerOf(['patient'], 'stranger'), PATIENT).granted).toBe(false);
    // Whom a patient cares for is the business of the role caregiver.
    expect(authorize(rule, callerOf(['patient'], 'cares_for'), PATIENT).granted).toBe(false);
  });

  it('leaves CRITICAL to clinical roles and services', () => {
    const granted = ROLES.filter((role) => {
      const relation = SUBMIT_RELATIONSHIP[role] === 'self' ? 'self' : 'cares_for';
      return authorize(submitAccess(ROLES, 'CRITICAL'), callerOf([role], relation), PATIENT).granted;
    });
    expect(granted).toEqual([...CRITICAL_ROLES]);
  });

  it('asks for no such role at the other priorities', () => {
    for (const priority of PRIORITY_NAMES.filter((name) => name !== 'CRITICAL'))
      expect(authorize(submitAccess(['patient'], priority), callerOf(['patient'], 'self'), PATIENT)).toEqual({
        granted: true,
        role: 'patient',
      });
  });

  it('names the role that grants it when the caller has several', () => {
    const rule = submitAccess(ROLES, 'HIGH');
    expect(authorize(rule, callerOf(['admin', 'patient'], 'self'), PATIENT)).toMatchObject({
      role: 'patient',
    });
    expect(authorize(rule, callerOf(['admin', 'patient'], 'stranger'), PATIENT)).toMatchObject({
      role: 'admin',
    });
  });
});
