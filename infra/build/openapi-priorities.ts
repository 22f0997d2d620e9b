import { ROUTES } from '#shared/contract/routes.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { INSTANT, json, type Member } from './openapi-parts.ts';

/**
 * The routes by which operators pause and resume priorities.
 * @param problems responses of these statuses, by reference
 */
export function priorityPaths(problems: (statuses: readonly number[]) => Member): Member {
  const priority = { name: 'priority', in: 'path', required: true, schema: PRIORITY_NAME };
  const answer = (description: string, schema: Member, refused: readonly number[]) => ({
    responses: { 200: { description, content: json(schema) }, ...problems([401, 403, ...refused, 429, 500]) },
  });
  const priorities = { type: 'array', items: PRIORITY };
  const list = { type: 'object', required: ['priorities'], properties: { priorities } };
  return {
    [ROUTES.listPriorities.path]: {
      get: { operationId: 'listPriorities', ...answer('The four priorities.', list, []) },
    },
    [ROUTES.pausePriority.path]: {
      post: {
        operationId: 'pausePriority',
        description: 'Its jobs are accepted and wait. For CRITICAL the confirmation is required.',
        parameters: [priority],
        requestBody: { required: false, content: json(CONFIRMATION) },
        ...answer('Paused.', PRIORITY, [400, 409, 413, 415]),
      },
    },
    [ROUTES.resumePriority.path]: {
      post: {
        operationId: 'resumePriority',
        parameters: [priority],
        ...answer('Resumed.', PRIORITY, [400, 409]),
      },
    },
  };
}

const PRIORITY_NAME = { type: 'string', enum: PRIORITY_NAMES };

const CONFIRMATION = {
  type: 'object',
  additionalProperties: false,
  properties: { confirm: { ...PRIORITY_NAME, description: 'The priority in the path once more.' } },
};

const COUNT = {
  type: 'object',
  required: ['count', 'more'],
  properties: {
    count: { type: 'integer', minimum: 0 },
    more: { type: 'boolean', description: 'There are others, which were not counted.' },
  },
};

const PRIORITY = {
  type: 'object',
  required: ['priority', 'status'],
  properties: {
    priority: PRIORITY_NAME,
    status: { type: 'string', enum: ['running', 'paused', 'resuming'] },
    since: { type: 'string', format: 'date-time' },
    by: { type: 'string', description: 'Keyed hash of whoever paused or resumed it.' },
    workers_told: { type: 'boolean', description: 'If not, the reconciler does it within two minutes.' },
    open_jobs: COUNT,
    deliveries_that_may_expire: COUNT,
    doses_due: {
      ...COUNT,
      description:
        'Doses that become due in the next 24 hours, of CRITICAL: while it is paused nobody is told of them. The first hour is counted by the schedules that stand, the others are estimated: see `estimated_by`.',
      required: ['from', 'to', 'count', 'more', 'estimated_by', 'by_hour'],
      properties: {
        ...COUNT.properties,
        from: INSTANT,
        to: INSTANT,
        estimated_by: {
          type: 'string',
          enum: ['yesterday', 'nothing'],
          description:
            '`yesterday`: as many as were due in the same hours of the day before, counted by a sample. `nothing`: none was due then, so only the first hour is known.',
        },
        by_hour: {
          type: 'array',
          minItems: 24,
          maxItems: 24,
          items: {
            type: 'object',
            required: ['from', 'count', 'estimated'],
            properties: {
              from: INSTANT,
              count: { type: 'integer', minimum: 0 },
              estimated: { type: 'boolean' },
            },
          },
        },
      },
    },
  },
};
