/** The prefix of every route. */
export const API_PREFIX = '/api/v1';

/** The functions that serve routes beside the job endpoints. */
type Family =
  | 'jobs'
  | 'interactions'
  | 'users'
  | 'rights'
  | 'imports'
  | 'operations'
  | 'break-glass'
  | 'audit';

/** Routes beside the six job endpoints, which follow from the registry. `family` is the function that serves them. */
export const ROUTES = {
  listJobs: { method: 'GET', path: '/jobs', family: 'jobs', token: true },
  searchJobs: { method: 'POST', path: '/jobs/search', family: 'jobs', token: true },
  startBulkAction: { method: 'POST', path: '/bulk-actions', family: 'jobs', token: true },
  getBulkAction: { method: 'GET', path: '/bulk-actions/{bulk_action_id}', family: 'jobs', token: true },
  abortBulkAction: {
    method: 'POST',
    path: '/bulk-actions/{bulk_action_id}/abort',
    family: 'jobs',
    token: true,
  },
  getJob: { method: 'GET', path: '/jobs/{job_id}', family: 'jobs', token: true },
  cancelJob: { method: 'POST', path: '/jobs/{job_id}/cancel', family: 'jobs', token: true },
  retryJob: { method: 'POST', path: '/jobs/{job_id}/retry', family: 'jobs', token: true },
  getEvidence: { method: 'GET', path: '/jobs/{job_id}/evidence', family: 'jobs', token: true },
  getReceipt: { method: 'GET', path: '/jobs/{job_id}/receipt', family: 'jobs', token: true },
  getJobAudit: { method: 'GET', path: '/jobs/{job_id}/audit', family: 'audit', token: true },
  getUserAudit: { method: 'GET', path: '/users/{user_id}/audit', family: 'audit', token: true },
  getActorAudit: { method: 'GET', path: '/audit', family: 'audit', token: true },
  searchAudit: { method: 'POST', path: '/audit/search', family: 'audit', token: true },
  releaseFindings: {
    method: 'POST',
    path: '/jobs/{job_id}/release',
    family: 'interactions',
    token: true,
  },
  findInteractionResults: {
    method: 'GET',
    path: '/interaction-results',
    family: 'interactions',
    token: true,
  },
  recheckInteractions: {
    method: 'POST',
    path: '/interaction-results/recheck',
    family: 'interactions',
    token: true,
  },
  listReminders: { method: 'GET', path: '/users/{user_id}/reminders', family: 'users', token: true },
  acknowledgeReminder: {
    method: 'POST',
    path: '/users/{user_id}/reminders/{reminder_id}/acknowledgement',
    family: 'users',
    token: true,
  },
  reportDelivery: {
    method: 'POST',
    path: '/users/{user_id}/reminders/{reminder_id}/delivery',
    family: 'users',
    token: true,
  },
  getPreferences: { method: 'GET', path: '/users/{user_id}/preferences', family: 'users', token: true },
  putPreferences: { method: 'PUT', path: '/users/{user_id}/preferences', family: 'users', token: true },
  getCareTeam: { method: 'GET', path: '/users/{user_id}/care-team', family: 'users', token: true },
  putCareTeam: { method: 'PUT', path: '/users/{user_id}/care-team', family: 'users', token: true },
  listMedications: { method: 'GET', path: '/users/{user_id}/medications', family: 'users', token: true },
  putMedication: {
    method: 'PUT',
    path: '/users/{user_id}/medications/{medication_id}',
    family: 'users',
    token: true,
  },
  stopMedication: {
    method: 'DELETE',
    path: '/users/{user_id}/medications/{medication_id}',
    family: 'users',
    token: true,
  },
  exportUser: { method: 'GET', path: '/users/{user_id}/export', family: 'rights', token: true },
  listDisclosures: { method: 'GET', path: '/users/{user_id}/disclosures', family: 'rights', token: true },
  requestErasure: { method: 'DELETE', path: '/users/{user_id}', family: 'rights', token: true },
  getErasure: { method: 'GET', path: '/users/{user_id}/erasure', family: 'rights', token: true },
  decideErasure: { method: 'POST', path: '/users/{user_id}/erasure', family: 'rights', token: true },
  revokeErasure: { method: 'DELETE', path: '/users/{user_id}/erasure', family: 'rights', token: true },
  submitImport: { method: 'POST', path: '/imports', family: 'imports', token: true },
  getImport: { method: 'GET', path: '/imports/{import_id}', family: 'imports', token: true },
  listPriorities: { method: 'GET', path: '/priorities', family: 'operations', token: true },
  pausePriority: { method: 'POST', path: '/priorities/{priority}/pause', family: 'operations', token: true },
  resumePriority: {
    method: 'POST',
    path: '/priorities/{priority}/resume',
    family: 'operations',
    token: true,
  },
  health: { method: 'GET', path: '/health', family: 'operations', token: false },
  openBreakGlass: { method: 'POST', path: '/break-glass', family: 'break-glass', token: true },
  listBreakGlass: { method: 'GET', path: '/break-glass', family: 'break-glass', token: true },
  getBreakGlass: { method: 'GET', path: '/break-glass/{grant_id}', family: 'break-glass', token: true },
  reviewBreakGlass: {
    method: 'POST',
    path: '/break-glass/{grant_id}/review',
    family: 'break-glass',
    token: true,
  },
  revokeBreakGlass: {
    method: 'POST',
    path: '/break-glass/{grant_id}/revoke',
    family: 'break-glass',
    token: true,
  },
} as const satisfies Record<string, { method: string; path: string; family: Family; token: boolean }>;

export type RouteName = keyof typeof ROUTES;

/** Path of a kind's endpoint, below the prefix. */
export const submitPath = (kind: string): string => `/jobs/${kind}`;

/** Limits that hold before a body is parsed. */
export const BODY_LIMIT_BYTES = 65_536;
export const BODY_DEPTH_LIMIT = 8;

/** An import brings many schedules at once, so its body has limits of its own; what is larger is sent in several. */
export const IMPORT_BODY_LIMIT_BYTES = 2_097_152;
export const IMPORT_LINE_LIMIT = 2_000;
/** A MedicationRequest in a Bundle nests deeper than any body of ours. */
export const IMPORT_DEPTH_LIMIT = 20;
