import { PROBLEMS } from '#shared/errors/problem-error.ts';
import { instant } from '#shared/jobs/schema-members.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { STATUSES } from '#shared/lifecycle/transitions.ts';
import { ERROR_CODE_PATTERN } from '#shared/operations/bodies/job-search.ts';
import { INSTANT, inQuery, JOB_ID, ref } from './openapi-parts.ts';

export const LIST = {
  type: 'object',
  required: ['jobs'],
  properties: {
    jobs: { type: 'array', items: ref('schemas', 'Job') },
    unreadable_jobs: {
      type: 'integer',
      minimum: 1,
      description: 'Jobs of this page whose rows cannot be read; operators are told.',
    },
    next_cursor: { type: 'string' },
  },
};

export const LIST_PARAMETERS = [
  inQuery('kind', { type: 'string' }),
  inQuery('status', { type: 'string', enum: STATUSES }),
  inQuery('priority', { type: 'string', enum: PRIORITY_NAMES }),
  inQuery('error_code', { type: 'string', pattern: ERROR_CODE_PATTERN }),
  inQuery(
    'from',
    instant,
    'Jobs that were made then or later; for staff, of those that have ended but failed ones: that ended then or later. Of ' +
      'these the last 24 hours before to unless given.',
  ),
  inQuery('to', instant, 'Before then, by the same time; now unless given.'),
  inQuery('limit', { type: 'integer', minimum: 1, maximum: 100 }),
  inQuery('cursor', { type: 'string' }, 'The next_cursor of the page before, with the same filters.'),
];

export const JOB = {
  type: 'object',
  required: ['job_id', 'kind', 'status', 'priority', 'links'],
  properties: {
    job_id: { type: 'string', pattern: JOB_ID },
    kind: { type: 'string' },
    status: { type: 'string', enum: STATUSES },
    priority: { type: 'string', enum: PRIORITY_NAMES },
    created_at: INSTANT,
    due_at: INSTANT,
    next_attempt_at: INSTANT,
    lease_until: {
      ...INSTANT,
      description: 'Of a running job: until then its worker holds it. Past it, the worker has died.',
    },
    ended_at: INSTANT,
    error_code: { type: 'string' },
    summary: { type: 'string', description: 'One line about the result, for those who see all of it.' },
    outcome: { type: 'string', description: 'Of an interaction check, for those who see all of its result.' },
    attempts: { type: 'array', items: { type: 'object' } },
    result: { type: 'object' },
    release: { type: 'object', description: 'What of the result the patient may see.' },
    links: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

export const PROBLEM = {
  type: 'object',
  description: 'RFC 9457 problem details.',
  required: ['type', 'title', 'status', 'code', 'correlation_id'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    correlation_id: { type: 'string' },
    problems: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: { pointer: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } },
      },
    },
    problems_not_listed: { type: 'integer', description: 'How many problems there are beyond those listed.' },
  },
};
