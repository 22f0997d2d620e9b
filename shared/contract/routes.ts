/** The prefix of every route. */
export const API_PREFIX = '/api/v1';

/** Routes beside the six job endpoints, which follow from the registry. `family` is the function that serves them. */
export const ROUTES = {
  listJobs: { method: 'GET', path: '/jobs', family: 'jobs', token: true },
  getJob: { method: 'GET', path: '/jobs/{job_id}', family: 'jobs', token: true },
  cancelJob: { method: 'POST', path: '/jobs/{job_id}/cancel', family: 'jobs', token: true },
  retryJob: { method: 'POST', path: '/jobs/{job_id}/retry', family: 'jobs', token: true },
  stopMedication: {
    method: 'DELETE',
    path: '/users/{user_id}/medications/{medication_id}',
    family: 'users',
    token: true,
  },
  health: { method: 'GET', path: '/health', family: 'operations', token: false },
} as const satisfies Record<
  string,
  { method: string; path: string; family: 'jobs' | 'users' | 'operations'; token: boolean }
>;

export type RouteName = keyof typeof ROUTES;

/** Path of a kind's endpoint, below the prefix. */
export const submitPath = (kind: string): string => `/jobs/${kind}`;

/** Limits that hold before a body is parsed. */
export const BODY_LIMIT_BYTES = 65_536;
export const BODY_DEPTH_LIMIT = 8;
