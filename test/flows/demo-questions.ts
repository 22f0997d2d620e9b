import type { RouteName } from '#shared/contract/routes.ts';
import type { Role } from '#shared/lifecycle/role.ts';

/** The patient of all examples, of which the demo tells. */
export const DEMO_PATIENT = 'patient-demo';

/** Something that one of the demo's users may ask the API. */
export interface Question {
  readonly route: RouteName;
  readonly role: Role;
  readonly path: string;
}

/** What the questions are about, as it came to be when the demo ran. */
export interface DemoFacts {
  readonly jobs: readonly { readonly kind: string; readonly job_id: string }[];
  readonly importId: string;
  /** Before the demo, and well after its last dose to come that is asked for. */
  readonly from: string;
  readonly now: string;
  readonly until: string;
}

const USER = `/users/${DEMO_PATIENT}`;

/** Every question by `GET` whose answer rests on what was backed up, as each of those who may ask it. */
export function demoQuestions({ jobs, importId, from, now, until }: DemoFacts): readonly Question[] {
  const ask = (route: RouteName, path: string, ...roles: readonly Role[]): readonly Question[] =>
    roles.map((role) => ({ route, role, path }));
  return [
    ...ask('listJobs', '/jobs?limit=100', 'patient', 'pharmacist', 'operator', 'analyst', 'auditor'),
    ...ask('listJobs', '/jobs?kind=medication-reminder&status=succeeded&limit=2', 'patient', 'operator'),
    ...jobs.flatMap(({ job_id }) =>
      ask('getJob', `/jobs/${job_id}`, 'patient', 'pharmacist', 'operator', 'analyst', 'service'),
    ),
    ...ask('listReminders', `${USER}/reminders?from=${from}&to=${now}`, 'patient', 'pharmacist', 'service'),
    ...ask('listReminders', `${USER}/reminders?from=${now}&to=${until}`, 'patient', 'pharmacist', 'service'),
    ...ask('listMedications', `${USER}/medications`, 'patient', 'pharmacist', 'service'),
    ...ask('getPreferences', `${USER}/preferences`, 'patient', 'pharmacist'),
    ...ask('getCareTeam', `${USER}/care-team`, 'patient', 'admin'),
    ...ask('exportUser', `${USER}/export`, 'patient'),
    ...ask('getErasure', `${USER}/erasure`, 'admin'),
    ...ask(
      'findInteractionResults',
      '/interaction-results?rule=label-simvastatin-contraindicated',
      'pharmacist',
    ),
    ...ask('getImport', `/imports/${importId}`, 'pharmacist'),
    ...ask('listPriorities', '/priorities', 'operator'),
    ...ask('listBreakGlass', '/break-glass', 'auditor'),
    ...ask('health', '/health', 'operator'),
  ];
}

/** Questions by `GET` that are not asked, and why. */
export const NOT_ASKED: Partial<Record<RouteName, string>> = {
  getEvidence: 'rests on the audit trail, which is sealed in a bucket of its own and in no backup',
  getReceipt: 'as getEvidence',
  getJobAudit: 'as getEvidence',
  getUserAudit: 'as getEvidence',
  getActorAudit: 'as getEvidence',
  listDisclosures: 'as getEvidence',
  getBulkAction: 'the demo starts none',
  getBreakGlass: 'the demo opens no emergency access',
};

/** Members that differ between two deployments of the same data, and why. */
export const MAY_DIFFER: Readonly<Record<string, string>> = {
  correlation_id: 'of a refusal: it names the request, and each request has its own',
  checked_at: 'of the health of the stack: when it was asked',
  exported_at: 'of a copy: when it was made',
  'priorities.doses_due.from': 'the count of doses to come begins when it is asked for',
  'priorities.doses_due.by_hour.from': 'the same of each hour of it',
};

/** Where two answers differ, as names of members; positions in lists are left out. */
export function differingMembers(one: unknown, other: unknown, at = ''): readonly string[] {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other ? [] : [at];
  if (Array.isArray(one) !== Array.isArray(other)) return [at];
  const below = (name: string) => (Array.isArray(one) ? at : at === '' ? name : `${at}.${name}`);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const members = [...names].flatMap((name) =>
    differingMembers(Reflect.get(one, name), Reflect.get(other, name), below(name)),
  );
  return [...new Set(members)];
}
