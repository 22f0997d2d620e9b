import { ROLES, type Role } from '../lifecycle/role.ts';
import type { Caller } from './caller.ts';

/** What data are used for, by HL7's value set PurposeOfUse (https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html). */
export const PURPOSES_OF_USE = {
  TREAT: 'treatment',
  ETREAT: 'emergency treatment',
  CAREMGT: 'care management',
  PATRQT: 'the patient asked for it',
  FAMRQT: 'the family asked for it',
  PWATRNY: 'power of attorney',
  HPAYMT: 'payment',
  HOPERAT: 'healthcare operations',
  HQUALIMP: 'quality improvement',
  HRESCH: 'research',
  PUBHLTH: 'public health',
  HSYSADMIN: 'administration of the system',
  HCOMPL: 'compliance',
  HLEGAL: 'legal',
} as const;

export type PurposeOfUse = keyof typeof PURPOSES_OF_USE;

const CLINICAL = ['TREAT', 'ETREAT', 'CAREMGT', 'HPAYMT', 'HOPERAT', 'HQUALIMP', 'PUBHLTH'] as const;

/** What each role may say; the first one holds when nothing is said. */
export const PURPOSES_OF_ROLE = {
  patient: ['PATRQT'],
  caregiver: ['FAMRQT', 'PWATRNY'],
  clinician: CLINICAL,
  pharmacist: CLINICAL,
  analyst: ['HOPERAT', 'HQUALIMP', 'HRESCH', 'PUBHLTH'],
  operator: ['HSYSADMIN'],
  auditor: ['HCOMPL', 'HLEGAL'],
  admin: ['HSYSADMIN', 'HOPERAT', 'HCOMPL'],
  service: ['HOPERAT', 'TREAT', 'CAREMGT', 'PATRQT', 'FAMRQT', 'HPAYMT', 'HQUALIMP', 'PUBHLTH'],
} as const satisfies Record<Role, readonly [PurposeOfUse, ...PurposeOfUse[]]>;

export const isPurpose = (text: string): text is PurposeOfUse => Object.hasOwn(PURPOSES_OF_USE, text);

/** A purpose as the audit trail keeps it. */
export interface RecordedPurpose {
  readonly code: PurposeOfUse;
  /** The caller said so; otherwise it is what the role stands for. */
  readonly declared: boolean;
}

export function purposeOf({ purpose, breakGlass }: Caller, role: Role): RecordedPurpose {
  if (purpose !== undefined) return { code: purpose, declared: true };
  // Emergency access is for emergencies, also when nobody has said so.
  return { code: breakGlass === undefined ? PURPOSES_OF_ROLE[role][0] : 'ETREAT', declared: false };
}

/** Those of the roles in which somebody may act for that purpose. */
export const rolesFor = (roles: readonly Role[], purpose: PurposeOfUse): readonly Role[] =>
  ROLES.filter((role) => roles.includes(role) && PURPOSES_OF_ROLE[role].some((one) => one === purpose));
