import { ROUTES } from '#shared/contract/routes.ts';
import { schema as bulkAction } from '#shared/operations/bodies/bulk-action.ts';
import { schema as jobSearch } from '#shared/operations/bodies/job-search.ts';
import { BULK_STATUSES } from '#shared/operations/bulk-ports.ts';
import { INSTANT, json, type Member } from './openapi-parts.ts';

const bodyOf = ({ $schema, ...schema }: Member): Member => ({ required: true, content: json(schema) });

/**
 * The routes by which operators find jobs and change many of them.
 * @param problems responses of these statuses, by reference
 * @param list schema of a page of jobs
 */
export function operationPaths(
  problems: (statuses: readonly number[]) => Member,
  list: Member,
): Readonly<Record<string, Member>> {
  return {
    [ROUTES.searchJobs.path]: {
      post: {
        operationId: 'searchJobs',
        description: 'For staff: the jobs about one user of the last four months, latest first.',
        requestBody: bodyOf(jobSearch),
        responses: {
          200: { description: 'One page of jobs.', content: json(list) },
          ...problems([400, 401, 403, 413, 415, 429, 500, 503]),
        },
      },
    },
    [ROUTES.startBulkAction.path]: {
      post: {
        operationId: 'startBulkAction',
        description:
          'Counts what it would change (`dry_run`), or begins within a minute to change it, job by job.',
        parameters: [KEY],
        requestBody: bodyOf(bulkAction),
        responses: {
          200: { description: 'A dry run: nothing has changed.', content: json(DRY_RUN) },
          202: {
            description: 'It stands, and is worked off.',
            headers: { Location: { schema: { type: 'string' } } },
            content: json(BULK_ACTION),
          },
          ...problems([400, 401, 403, 413, 415, 422, 429, 500]),
        },
      },
    },
    [ROUTES.getBulkAction.path]: {
      get: {
        operationId: 'getBulkAction',
        parameters: [ID],
        responses: {
          200: { description: 'How far it is.', content: json(BULK_ACTION) },
          ...problems([400, 401, 403, 404, 429, 500]),
        },
      },
    },
    [ROUTES.abortBulkAction.path]: {
      post: {
        operationId: 'abortBulkAction',
        description: 'What it has changed stays changed. Aborting an aborted one changes nothing.',
        parameters: [ID],
        responses: {
          200: { description: 'Aborted.', content: json(BULK_ACTION) },
          ...problems([400, 401, 403, 404, 409, 429, 500]),
        },
      },
    },
  };
}

const KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The same key with the same body finds the first bulk action again, for 90 days.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^,]*$' },
};

const ID = {
  name: 'bulk_action_id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' },
};

const COUNT = { type: 'integer', minimum: 0 };

const MATCHED = {
  type: 'object',
  description: 'Jobs that the filter named when it was made.',
  required: ['count', 'more'],
  properties: {
    count: COUNT,
    more: { type: 'boolean', description: 'There may be others, which were not counted.' },
  },
};

const DRY_RUN = {
  type: 'object',
  required: ['action', 'filter', 'dry_run', 'matched'],
  properties: {
    action: bulkAction.properties.action,
    filter: { type: 'object' },
    dry_run: { const: true },
    matched: MATCHED,
  },
};

const BULK_ACTION = {
  type: 'object',
  required: [
    'bulk_action_id',
    'action',
    'filter',
    'dry_run',
    'matched',
    'status',
    'rate_per_second',
    'created_at',
    'progress',
    'links',
  ],
  properties: {
    ...DRY_RUN.properties,
    dry_run: { const: false },
    bulk_action_id: ID.schema,
    status: { enum: BULK_STATUSES },
    rate_per_second: COUNT,
    created_at: INSTANT,
    updated_at: INSTANT,
    ended_at: INSTANT,
    by: { type: 'string', description: 'Keyed hash of whoever started it.' },
    progress: {
      type: 'object',
      required: ['changed', 'refused'],
      properties: {
        changed: COUNT,
        refused: {
          ...COUNT,
          description: 'Jobs that could not be changed: their window has passed, or they moved.',
        },
        unreadable: {
          ...COUNT,
          description: 'Rows that cannot be read, and may be of such jobs: event job.unreadable in the logs.',
        },
      },
    },
    links: { type: 'object', additionalProperties: { type: 'string' } },
  },
};
