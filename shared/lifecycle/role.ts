/** Every role that a token can vouch for. */
export const ROLES = [
  'patient',
  'caregiver',
  'clinician',
  'pharmacist',
  'analyst',
  'operator',
  'auditor',
  'admin',
  'service',
] as const;

export type Role = (typeof ROLES)[number];
