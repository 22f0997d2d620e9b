import type { RouteName } from '../contract/routes.ts';
import type { Role } from '../lifecycle/role.ts';
import {
  ATTEMPTS,
  ATTEMPTS_LISTED,
  AUDIT_PAGE,
  BREAK_GLASS_GRANT,
  BULK_ACTION,
  CARE_TEAM,
  CHILDREN,
  ERASURE,
  MEDICATION,
  type Members,
  PREFERENCES,
  PRIORITY,
  RECEIPT,
  REMINDER,
  RESULT_BY_CODES,
  STATUS,
} from './member-shapes.ts';
import { MEMBERS_OF_SIGHT, sightOf } from './result-sight.ts';

export type { Members } from './member-shapes.ts';

/** The `202` of a job endpoint. */
export const ACCEPTED_JOB = {
  job_id: true,
  status: true,
  kind: true,
  priority: true,
  created_at: true,
  due_at: true,
  links: true,
} as const satisfies Members;

/** Of `health` without a token that the table names. */
export const PUBLIC_HEALTH = { status: true } as const satisfies Members;

/**
 * What each route answers to whoever the access table lets in, and where roles see different members, to each of them.
 * What stands in neither does not leave. Of jobs see `jobMembers`.
 */
export const ROUTE_MEMBERS = {
  // Each job by its own row: a list holds jobs that somebody sees in several roles.
  listJobs: { jobs: true, 'unreadable_jobs?': true, 'next_cursor?': true },
  searchJobs: { jobs: true, 'unreadable_jobs?': true, 'next_cursor?': true },
  startBulkAction: BULK_ACTION,
  getBulkAction: BULK_ACTION,
  abortBulkAction: BULK_ACTION,
  getJob: { ...STATUS, ...ATTEMPTS, ...CHILDREN },
  cancelJob: { ...STATUS, ...ATTEMPTS, ...CHILDREN },
  retryJob: { ...STATUS, ...ATTEMPTS, ...CHILDREN },
  releaseFindings: { job_id: true, release: true },
  findInteractionResults: { results: RESULT_BY_CODES, 'next_cursor?': true, 'warnings?': true },
  recheckInteractions: { job_id: true, kind: true, status: true, links: true },
  listReminders: { user_id: true, from: true, to: true, reminders: REMINDER, 'next_cursor?': true },
  acknowledgeReminder: REMINDER,
  reportDelivery: REMINDER,
  getPreferences: PREFERENCES,
  putPreferences: { ...PREFERENCES, 'updated_schedules?': true },
  getCareTeam: CARE_TEAM,
  putCareTeam: CARE_TEAM,
  listMedications: { user_id: true, medications: MEDICATION },
  putMedication: { ...MEDICATION, 'warnings?': true },
  stopMedication: { medication_id: true, status: true },
  // A copy holds what the patient may see; findings as far as they were released. As JSON, or as a Bundle of FHIR.
  exportUser: {
    'user_id?': true,
    'exported_at?': true,
    'preferences?': true,
    'care_team?': true,
    'medications?': true,
    'schedules?': true,
    'supply_counts?': true,
    'reminders?': true,
    'import_lines?': true,
    'jobs?': true,
    'unreadable?': { section: true, reason: true, count: true },
    'next_cursor?': true,
    'resourceType?': true,
    'type?': true,
    'timestamp?': true,
    'link?': true,
    'entry?': true,
  },
  listDisclosures: { user_id: true, from: true, to: true, disclosures: true, 'next_cursor?': true },
  requestErasure: ERASURE,
  getErasure: ERASURE,
  decideErasure: ERASURE,
  revokeErasure: ERASURE,
  submitImport: { import_id: true, lines: true, links: true },
  getImport: {
    import_id: true,
    status: true,
    format: true,
    created_at: true,
    'ended_at?': true,
    lines: true,
    report: true,
    'next_cursor?': true,
    links: true,
  },
  getEvidence: {
    job_id: true,
    kind: true,
    accepted_at: true,
    accepted_as: true,
    'policy_version?': true,
    'parent_job_id?': true,
    checks: true,
  },
  getReceipt: RECEIPT,
  getJobAudit: AUDIT_PAGE,
  getUserAudit: AUDIT_PAGE,
  getActorAudit: AUDIT_PAGE,
  searchAudit: AUDIT_PAGE,
  openBreakGlass: {
    grant_id: true,
    reason_code: true,
    granted_at: true,
    expires_at: true,
    review_due_at: true,
    links: true,
  },
  listBreakGlass: { grants: BREAK_GLASS_GRANT, 'next_cursor?': true },
  // Whoever judges a use of it has to know whose data it opened, who opened them, and why.
  getBreakGlass: {
    ...BREAK_GLASS_GRANT,
    'user_id?': true,
    'holder?': true,
    'reason?': true,
    'note?': true,
    'content_gone?': true,
  },
  reviewBreakGlass: BREAK_GLASS_GRANT,
  revokeBreakGlass: BREAK_GLASS_GRANT,
  listPriorities: {
    priorities: { ...PRIORITY, open_jobs: true, 'deliveries_that_may_expire?': true, 'doses_due?': true },
  },
  pausePriority: { ...PRIORITY, workers_told: true, 'deliveries_that_may_expire?': true, 'doses_due?': true },
  resumePriority: { ...PRIORITY, workers_told: true },
  health: { ...PUBLIC_HEALTH, version: true, checked_at: true, parts: true, 'paused_priorities?': true },
} as const satisfies Record<RouteName, Members>;

/** Routes that show a role more than `ROUTE_MEMBERS` says. */
const MORE_FOR: { readonly [N in RouteName]?: { readonly [R in Role]?: Members } } = {
  findInteractionResults: {
    // How serious it was; what it says of the patient is read at the job.
    pharmacist: {
      results: {
        ...RESULT_BY_CODES,
        'user_ref?': true,
        'outcome?': true,
        'level?': true,
        'links?': true,
      },
      'next_cursor?': true,
      'warnings?': true,
    },
  },
};

/** What a route answers to a role that the access table lets in. */
export const membersFor = (route: RouteName, role: Role): Members =>
  MORE_FOR[route]?.[role] ?? ROUTE_MEMBERS[route];

/** Of a result in lists: a line of it at most. */
const NOT_IN_LISTS: readonly string[] = ['result', 'release'];

/** What a role is shown of one job, alone or in a list, by what the job is about and the views of its kind. */
export function jobMembers(
  route: 'getJob' | 'listJobs',
  role: Role,
  isAboutPatient: boolean,
  views: Parameters<typeof sightOf>[2],
): Members {
  const more = MEMBERS_OF_SIGHT[sightOf(role, isAboutPatient, views)];
  const told = more.filter((name) => route === 'getJob' || !NOT_IN_LISTS.includes(name));
  return {
    ...STATUS,
    ...(route === 'getJob' ? ATTEMPTS : ATTEMPTS_LISTED),
    ...(role !== 'analyst' && CHILDREN),
    ...Object.fromEntries(told.map((name) => [`${name}?`, true as const])),
  };
}

/** The part of an answer that the members let through, in the answer's order. What is no object has none. */
export function shownOf(value: unknown, members: Members): unknown {
  if (Array.isArray(value)) return value.map((item) => shownOf(item, members));
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const member = memberOf(members, name) ?? memberOf(members, `${name}?`);
      if (member === undefined) return [];
      return [[name, member === true ? inner : shownOf(inner, member)]];
    }),
  );
}

const memberOf = (members: Members, name: string): true | Members | undefined =>
  Object.hasOwn(members, name) ? members[name] : undefined;
