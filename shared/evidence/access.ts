import type { RouteName } from '../contract/routes.ts';
import type { Priority } from '../lifecycle/priority.ts';
import { ROLES, type Role } from '../lifecycle/role.ts';
import type { Caller } from './caller.ts';
import { type CaregiverScope, type CareTeamScope, orderScope, SCOPE_OF_KIND } from './caregiver-scopes.ts';
import { isOfKinds } from './kinds-about-nobody.ts';

/** What a caller must be to the patient whose data a request is about. */
export type Relationship = 'self' | 'cares_for' | 'any';

/** Who may do one thing. A role that stands in neither member may not do it at all. */
export interface AccessRule {
  /** When it is about one patient: the role, and what its holder must be to that patient. */
  readonly ofPatient: { readonly [R in Role]?: Relationship };
  /** When it is about no single patient (roll-ups, backups, the stack itself): the role alone decides. */
  readonly ofNobody: readonly Role[];
  /** When it is a job about nobody: roles that also may when the caller has made it, in that role. */
  readonly ofMaker?: readonly Role[];
  /** What a patient's consent must name to let a caregiver in; absent: no consent does. */
  readonly caregiverScope?: CaregiverScope | undefined;
  /** The same for one of the care team; absent: what it must name for a caregiver. */
  readonly careTeamScope?: CareTeamScope;
}

/**
 * The scopes that hold now, by keyed hash of the patients who have ever given the caller a grant. Of them the
 * grants alone decide: a claim cannot bring back what was revoked. Of all others the claim `care_for` does.
 */
export type Consents = ReadonlyMap<string, ReadonlySet<string>>;

/** What patients have stored of the caller: `consents` to a caregiver, `careTeam` to a clinician or pharmacist. */
export interface StoredConsents {
  readonly consents?: Consents;
  readonly careTeam?: Consents;
}

/**
 * What each role must be to a patient before it may submit a job about that patient. A kind's `submitRoles` says which
 * roles may submit that kind at all.
 */
export const SUBMIT_RELATIONSHIP = {
  patient: 'self',
  caregiver: 'cares_for',
  clinician: 'cares_for',
  pharmacist: 'cares_for',
  analyst: 'any',
  operator: 'any',
  auditor: 'any',
  admin: 'any',
  service: 'any',
} as const satisfies Record<Role, Relationship>;

const CARE = {
  patient: 'self',
  caregiver: 'cares_for',
  clinician: 'cares_for',
  pharmacist: 'cares_for',
} as const;

const LIST_JOBS = {
  ofPatient: { ...CARE, operator: 'any', auditor: 'any', admin: 'any', service: 'any' },
  ofNobody: ['analyst', 'operator', 'auditor', 'admin', 'service'],
} as const;

/** Whoever made a job about nobody may look at it. */
const READ_JOB = {
  ...LIST_JOBS,
  ofMaker: ['clinician', 'pharmacist', 'analyst', 'operator', 'admin', 'service'],
} as const;

const CHANGE_JOBS = {
  ofPatient: { ...CARE, operator: 'any', admin: 'any', service: 'any' },
  // Analysts read roll-ups; stopping or repeating one is not theirs to do.
  ofNobody: ['operator', 'admin', 'service'],
  ofMaker: ['service'],
} as const;

/** What is known of a patient: for those who care and for their applications. Staff that runs the stack sees none of it. */
const CARE_FOR_PATIENT = { ofPatient: { ...CARE, service: 'any' }, ofNobody: [] } as const;

/** Who treats a patient is for the patient to say, and for those who keep it for them: an office, an application. */
const CONSENT = { ofPatient: { patient: 'self', admin: 'any', service: 'any' }, ofNobody: [] } as const;

const AUDIT = { ofPatient: { auditor: 'any' }, ofNobody: ['auditor'] } as const;

/** That records are destroyed, or must not be; it shows nothing of them. */
const ERASE = { ofPatient: { admin: 'any' }, ofNobody: [] } as const;

/** The stack itself: it is about no patient. */
const OPERATE = { ofPatient: {}, ofNobody: ['operator', 'admin'] } as const;

/** Uses of emergency access, with the reason given: for whoever judges them. */
const REVIEW_BREAK_GLASS = { ofPatient: {}, ofNobody: ['auditor', 'admin'] } as const;

/** Who may use the routes beside the job endpoints. `health` is about its parts: the bare answer asks for no token. */
export const ROUTE_ACCESS = {
  listJobs: LIST_JOBS,
  // Staff that looks for the jobs of one user; those who care for the user see them in their own lists.
  searchJobs: { ofPatient: { operator: 'any', auditor: 'any', admin: 'any', service: 'any' }, ofNobody: [] },
  startBulkAction: OPERATE,
  getBulkAction: OPERATE,
  abortBulkAction: OPERATE,
  getJob: READ_JOB,
  // Names of checks, times and codes: whoever may see a job may see why it was accepted.
  getEvidence: READ_JOB,
  getReceipt: READ_JOB,
  // Auditors alone: who administers is among those of whom the trail tells. An admin who audits holds both roles.
  getJobAudit: AUDIT,
  getUserAudit: AUDIT,
  getActorAudit: AUDIT,
  searchAudit: AUDIT,
  cancelJob: CHANGE_JOBS,
  retryJob: CHANGE_JOBS,
  // A professional who cares for the patient answers for what the patient is told.
  releaseFindings: {
    ofPatient: { clinician: 'cares_for', pharmacist: 'cares_for' },
    ofNobody: [],
    careTeamScope: 'release_findings',
  },
  // Across all patients, and in codes only: what a check found is seen by those who care for its patient.
  findInteractionResults: { ofPatient: {}, ofNobody: ['pharmacist', 'auditor'] },
  recheckInteractions: { ofPatient: {}, ofNobody: ['pharmacist', 'admin'] },
  listReminders: { ...CARE_FOR_PATIENT, caregiverScope: 'see_reminders' },
  acknowledgeReminder: { ...CARE_FOR_PATIENT, caregiverScope: 'acknowledge_reminders' },
  // Only what hands messages over to a channel can know what became of them.
  reportDelivery: { ofPatient: { service: 'any' }, ofNobody: [] },
  getPreferences: { ...CARE_FOR_PATIENT, caregiverScope: 'manage_preferences' },
  putPreferences: { ...CARE_FOR_PATIENT, caregiverScope: 'manage_preferences' },
  getCareTeam: CONSENT,
  putCareTeam: CONSENT,
  listMedications: { ...CARE_FOR_PATIENT, caregiverScope: 'see_supply' },
  putMedication: { ...CARE_FOR_PATIENT, caregiverScope: 'manage_medications' },
  stopMedication: {
    ofPatient: { ...CARE, admin: 'any', service: 'any' },
    ofNobody: [],
    caregiverScope: 'manage_medications',
  },
  // Health data in full: for the patient, and the application through which the patient asks.
  exportUser: { ofPatient: { patient: 'self', service: 'any' }, ofNobody: [] },
  listDisclosures: {
    ofPatient: { patient: 'self', auditor: 'any', admin: 'any', service: 'any' },
    ofNobody: [],
  },
  requestErasure: ERASE,
  getErasure: { ofPatient: { auditor: 'any', admin: 'any' }, ofNobody: [] },
  decideErasure: ERASE,
  revokeErasure: ERASE,
  // The role alone lets the request in; each of its lines is then judged by its own patient.
  submitImport: {
    ofPatient: { clinician: 'cares_for', pharmacist: 'cares_for', admin: 'any', service: 'any' },
    ofNobody: ['clinician', 'pharmacist', 'admin', 'service'],
    careTeamScope: 'manage_medications',
  },
  // As the job itself: whoever made it and those who run the stack.
  getImport: {
    ofPatient: {},
    ofNobody: ['operator', 'admin'],
    ofMaker: ['clinician', 'pharmacist', 'service'],
  },
  listPriorities: OPERATE,
  pausePriority: OPERATE,
  resumePriority: OPERATE,
  health: OPERATE,
  // Whoever may treat at all may ask, for any patient. What it opens is in break-glass.ts.
  openBreakGlass: { ofPatient: { clinician: 'any', pharmacist: 'any' }, ofNobody: [] },
  listBreakGlass: REVIEW_BREAK_GLASS,
  getBreakGlass: REVIEW_BREAK_GLASS,
  reviewBreakGlass: REVIEW_BREAK_GLASS,
  // Holders end their own only.
  revokeBreakGlass: { ofPatient: {}, ofNobody: ['clinician', 'pharmacist', 'admin'] },
} as const satisfies Record<RouteName, AccessRule>;

/** Roles that may ask for CRITICAL from outside. */
export const CRITICAL_ROLES = ['clinician', 'pharmacist', 'service'] as const satisfies readonly Role[];

/** The rule of a kind's endpoint, from the roles that its definition names. */
export function submitAccess(submitRoles: readonly Role[], priority: Priority, kind = ''): AccessRule {
  const roles = priority === 'CRITICAL' ? submitRoles.filter(mayAskForCritical) : submitRoles;
  return {
    ofPatient: Object.fromEntries(roles.map((role) => [role, SUBMIT_RELATIONSHIP[role]])),
    ofNobody: roles,
    caregiverScope: orderScope(kind),
  };
}

/** The rule of a route to jobs, for a job of that kind. */
export const jobAccess = (route: JobRoute, kind: string): AccessRule => ({
  ...ROUTE_ACCESS[route],
  ofNobody: ROUTE_ACCESS[route].ofNobody.filter((role) => isOfKinds(role, kind)),
  caregiverScope: SEEING_ROUTES.some((one) => one === route) ? SCOPE_OF_KIND[kind] : orderScope(kind),
});

export type JobRoute = (typeof SEEING_ROUTES)[number] | 'cancelJob' | 'retryJob' | 'releaseFindings';
const SEEING_ROUTES = [
  'listJobs',
  'getJob',
  'getEvidence',
  'getReceipt',
] as const satisfies readonly RouteName[];

export type Verdict =
  | { readonly granted: true; readonly role: Role }
  /** `role`: none of the caller's roles may do this. `relationship`: one may, but not with this patient's data. */
  | { readonly granted: false; readonly reason: 'role' | 'relationship' };

/**
 * Decides by the table, the token and what the patient has consented to. Of several roles that grant it, the first in
 * the order of `ROLES` is named.
 * @param about the patient whose data it is about, as job rows know them too; absent when it is about no single patient
 * @param madeAs the role in which the caller has made it, when it is a job of theirs
 */
export function authorize(rule: AccessRule, caller: Caller, about?: AboutPatient, madeAs?: string): Verdict {
  const held = ROLES.filter((role) => caller.roles.includes(role));
  if (!about) {
    const role =
      held.find((name) => rule.ofNobody.includes(name)) ??
      held.find((name) => name === madeAs && rule.ofMaker?.includes(name));
    return role ? { granted: true, role } : { granted: false, reason: 'role' };
  }
  const allowed = held.filter((role) => rule.ofPatient[role] !== undefined);
  const role = allowed.find((name) => stands(rule, name, caller, about));
  if (role) return { granted: true, role };
  return { granted: false, reason: allowed.length > 0 ? 'relationship' : 'role' };
}

/** One patient, by keyed hash. */
export interface AboutPatient extends StoredConsents {
  readonly userRef: string;
  readonly refOf: (userId: string) => string;
}

function stands(rule: AccessRule, role: Role, caller: Caller, about: AboutPatient): boolean {
  const { userRef, refOf } = about;
  const relationship = rule.ofPatient[role];
  if (relationship === 'any') return true;
  if (relationship === 'self') return refOf(caller.subject) === userRef;
  const { stored, scope } =
    role === 'caregiver'
      ? { stored: about.consents, scope: rule.caregiverScope }
      : { stored: about.careTeam, scope: rule.careTeamScope ?? rule.caregiverScope };
  const scopes = stored?.get(userRef);
  if (scopes) return scope !== undefined && scopes.has(scope);
  return caller.careFor.some((userId) => refOf(userId) === userRef);
}

const mayAskForCritical = (role: Role): boolean => CRITICAL_ROLES.some((critical) => critical === role);
