import type { Role } from '../lifecycle/role.ts';

/**
 * How much of a job's result somebody sees beside its status. `as_patient`: what the kind shows to patients, and what was
 * released; the whole where the kind has no such view. `as_analyst`: what tells of nobody, where the kind has such a view.
 */
export type Sight = 'whole' | 'as_patient' | 'as_analyst' | 'none';

/** Members of an answer that a sight adds to those that everybody sees who may see the job at all. */
export const MEMBERS_OF_SIGHT = {
  whole: ['summary', 'outcome', 'result', 'release'],
  as_patient: ['result'],
  as_analyst: ['summary', 'result'],
  none: [],
} as const satisfies Record<Sight, readonly string[]>;

/** What each role sees of a job about a patient, and of one about nobody. A payload is never shown. */
export const RESULT_SIGHT = {
  patient: { ofPatient: 'as_patient', ofNobody: 'whole' },
  caregiver: { ofPatient: 'as_patient', ofNobody: 'whole' },
  clinician: { ofPatient: 'whole', ofNobody: 'whole' },
  pharmacist: { ofPatient: 'whole', ofNobody: 'whole' },
  analyst: { ofPatient: 'none', ofNobody: 'as_analyst' },
  // Whoever runs the stack has to find the backup that was made.
  operator: { ofPatient: 'none', ofNobody: 'whole' },
  auditor: { ofPatient: 'none', ofNobody: 'none' },
  admin: { ofPatient: 'none', ofNobody: 'whole' },
  service: { ofPatient: 'whole', ofNobody: 'whole' },
} as const satisfies Record<Role, { readonly ofPatient: Sight; readonly ofNobody: Sight }>;

/** What a role sees of a job of a kind with these views of its results. */
export function sightOf(
  role: Role,
  isAboutPatient: boolean,
  views: { readonly patientView?: unknown; readonly analystView?: unknown } | undefined,
): Sight {
  const sight: Sight = RESULT_SIGHT[role][isAboutPatient ? 'ofPatient' : 'ofNobody'];
  if (sight === 'as_patient' && views?.patientView === undefined) return 'whole';
  // What other kinds say of themselves counts patients' jobs, too.
  if (sight === 'as_analyst' && views?.analystView === undefined) return 'none';
  return sight;
}
