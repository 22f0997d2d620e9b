import { ROUTES } from '#shared/contract/routes.ts';
import { instant } from '#shared/jobs/schema-members.ts';
import { BODY_SCHEMAS, type RouteWithBody } from '#shared/operations/bodies/index.ts';
import { RECALL_NAME_PATTERN } from '#shared/operations/bodies/recheck.ts';
import { INSTANT, json, type Member } from './openapi-parts.ts';

const JOB_ID = { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' };
const TEXT = { type: 'string' };
const LINKS = { type: 'object', additionalProperties: { type: 'string' } };

/**
 * The routes for what becomes of interaction checks: releases, recalls, re-checks.
 * @param problems responses of these statuses, by reference
 */
export function interactionPaths(problems: (statuses: readonly number[]) => Member): Member {
  return {
    [ROUTES.releaseFindings.path]: {
      post: {
        operationId: 'releaseFindings',
        description:
          'Lets the patient see findings of a check. Only where the deployer allows it; repeated, it changes nothing.',
        parameters: [{ name: 'job_id', in: 'path', required: true, schema: JOB_ID }],
        requestBody: { required: true, content: json(bodyOf('releaseFindings')) },
        responses: {
          200: { description: 'What the patient may see from now on.', content: json(RELEASED) },
          ...problems([400, 401, 403, 404, 409, 410, 413, 415, 429, 500, 503]),
        },
      },
    },
    [ROUTES.findInteractionResults.path]: {
      get: {
        operationId: 'findInteractionResults',
        description:
          'Results of interaction checks by rule or data set, newest first; one of the two is needed.',
        parameters: PARAMETERS,
        responses: {
          200: { description: 'One page of results, in codes.', content: json(RESULTS) },
          ...problems([400, 401, 403, 429, 500, 503]),
        },
      },
    },
    [ROUTES.recheckInteractions.path]: {
      post: {
        operationId: 'recheckInteractions',
        description:
          'Has past checks run again with the reference data that stands. The same request on one day is the same job until that has ended.',
        parameters: [IDEMPOTENCY_KEY],
        requestBody: { required: true, content: json(bodyOf('recheckInteractions')) },
        responses: {
          202: {
            description: 'Accepted: the job counts what has changed.',
            headers: { Location: { schema: TEXT } },
            content: json(ACCEPTED),
          },
          ...problems([400, 401, 403, 413, 415, 422, 429, 500]),
        },
      },
    },
  };
}

function bodyOf(route: RouteWithBody): Member {
  const { $schema, ...schema }: { $schema?: unknown } & Member = { ...BODY_SCHEMAS[route] };
  return schema;
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'For 24 hours the same key with the same body gives the same answer.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^,]*$' },
};

const inQuery = (name: string, description: string, schema: Member): Member => ({
  name,
  in: 'query',
  description,
  schema,
});

const NAME = { type: 'string', pattern: RECALL_NAME_PATTERN };

const PARAMETERS = [
  inQuery('rule', 'Id of a rule that applied.', NAME),
  inQuery('data_set', 'The data set that was used: <id>@<version>.', NAME),
  inQuery('from', 'Results of then or later.', instant),
  inQuery('to', 'Results of before; now unless given.', instant),
  inQuery('limit', '25 unless given.', { type: 'integer', minimum: 1, maximum: 100 }),
  inQuery('cursor', 'The next_cursor of the page before.', TEXT),
];

const RELEASED = {
  type: 'object',
  required: ['job_id', 'release'],
  properties: {
    job_id: JOB_ID,
    release: {
      type: 'object',
      required: ['revision', 'released_at', 'released_by', 'findings'],
      properties: {
        revision: { type: 'integer', minimum: 1 },
        released_at: INSTANT,
        released_by: TEXT,
        findings: { type: 'array', items: TEXT },
        note: TEXT,
      },
    },
  },
};

const RESULT = {
  type: 'object',
  required: ['job_id', 'ended_at'],
  properties: {
    job_id: JOB_ID,
    ended_at: INSTANT,
    rules: { type: 'array', items: TEXT },
    data_set: TEXT,
    content_gone: { type: 'boolean', description: 'True: its user was erased.' },
    user_ref: { type: 'string', description: 'For pharmacists: keyed hash of the user.' },
    outcome: { type: 'string', description: 'For pharmacists.' },
    level: { type: ['string', 'null'], description: 'For pharmacists: the highest level of its findings.' },
    links: { ...LINKS, description: 'For pharmacists who may open the job: they care for its patient.' },
  },
};

const RESULTS = {
  type: 'object',
  required: ['results'],
  properties: {
    results: { type: 'array', items: RESULT },
    next_cursor: TEXT,
    warnings: {
      type: 'array',
      description: 'Nothing was found: the rule or data set may be misspelt.',
      items: { type: 'object', properties: { code: TEXT, detail: TEXT } },
    },
  },
};

const ACCEPTED = {
  type: 'object',
  required: ['job_id', 'kind', 'status', 'links'],
  properties: { job_id: JOB_ID, kind: TEXT, status: TEXT, links: LINKS },
};
