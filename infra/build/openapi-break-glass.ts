import { ROUTES } from '#shared/contract/routes.ts';
import { REVIEW_STATUSES } from '#shared/evidence/break-glass.ts';
import { BODY_SCHEMAS, type RouteWithBody } from '#shared/operations/bodies/index.ts';
import { INSTANT, json, type Member } from './openapi-parts.ts';

const TEXT = { type: 'string' };
const GRANT_ID = { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' };

/**
 * The routes for emergency access.
 * @param problems responses of these statuses, by reference
 */
export function breakGlassPaths(problems: (statuses: readonly number[]) => Member): Member {
  const grant = { name: 'grant_id', in: 'path', required: true, schema: GRANT_ID };
  const answer = (description: string, schema: Member, refused: readonly number[]) => ({
    responses: {
      200: { description, content: json(schema) },
      ...problems([400, 401, 403, ...refused, 429, 500]),
    },
  });
  return {
    [ROUTES.openBreakGlass.path]: {
      post: {
        operationId: 'openBreakGlass',
        description:
          'Opens one patient to a clinician or pharmacist without a relationship, for reads and interaction checks. It rings an alarm.',
        parameters: [IDEMPOTENCY_KEY],
        requestBody: { required: true, content: json(bodyOf('openBreakGlass')) },
        responses: {
          201: { description: 'Opened.', content: json(OPENED) },
          ...problems([400, 401, 403, 410, 413, 415, 422, 429, 500, 503]),
        },
      },
      get: {
        operationId: 'listBreakGlass',
        description:
          'Uses by what became of their review, in codes: the earliest term first, reviewed ones backwards.',
        parameters: PARAMETERS,
        ...answer('One page.', LIST, [503]),
      },
    },
    [ROUTES.getBreakGlass.path]: {
      get: {
        operationId: 'getBreakGlass',
        description: 'One use with patient, holder and reason, for whoever judges it.',
        parameters: [grant],
        ...answer('The use.', WHOLE, [404, 503]),
      },
    },
    [ROUTES.reviewBreakGlass.path]: {
      post: {
        operationId: 'reviewBreakGlass',
        description: 'The verdict of somebody else than the holder. One that was not justified ends it.',
        parameters: [grant],
        requestBody: { required: true, content: json(bodyOf('reviewBreakGlass')) },
        ...answer('Reviewed.', GRANT, [404, 409, 413, 415, 503]),
      },
    },
    [ROUTES.revokeBreakGlass.path]: {
      post: {
        operationId: 'revokeBreakGlass',
        description: 'Ends it before its time: its holder, or an admin. Repeated, it changes nothing.',
        parameters: [grant],
        ...answer('Ended.', GRANT, [404, 409, 503]),
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

const PARAMETERS = [
  {
    name: 'status',
    in: 'query',
    description: 'open: to be reviewed, and still in time; that unless given.',
    schema: { type: 'string', enum: REVIEW_STATUSES },
  },
  {
    name: 'limit',
    in: 'query',
    description: '25 unless given.',
    schema: { type: 'integer', minimum: 1, maximum: 100 },
  },
  { name: 'cursor', in: 'query', description: 'The next_cursor of the page before.', schema: TEXT },
];

const OPENED = {
  type: 'object',
  required: ['grant_id', 'reason_code', 'granted_at', 'expires_at', 'review_due_at', 'links'],
  properties: {
    grant_id: GRANT_ID,
    reason_code: TEXT,
    granted_at: INSTANT,
    expires_at: INSTANT,
    review_due_at: INSTANT,
    links: { type: 'object', additionalProperties: TEXT },
  },
};

const GRANT = {
  type: 'object',
  required: ['grant_id', 'status', 'role', 'reason_code', 'granted_at', 'expires_at', 'review_due_at'],
  properties: {
    grant_id: GRANT_ID,
    status: { type: 'string', enum: REVIEW_STATUSES },
    role: TEXT,
    reason_code: TEXT,
    granted_at: INSTANT,
    expires_at: INSTANT,
    ended_at: { ...INSTANT, description: 'When it was ended before its time.' },
    review_due_at: INSTANT,
    review: {
      type: 'object',
      required: ['verdict', 'reviewed_at', 'role', 'late'],
      properties: { verdict: TEXT, reviewed_at: INSTANT, role: TEXT, late: { type: 'boolean' } },
    },
  },
};

const WHOLE = {
  type: 'object',
  required: GRANT.required,
  properties: {
    ...GRANT.properties,
    user_id: TEXT,
    holder: { type: 'string', description: 'The subject of the token that opened it.' },
    reason: TEXT,
    note: { type: 'string', description: 'Of the review.' },
    content_gone: { type: 'boolean', description: 'True: its patient was erased.' },
  },
};

const LIST = {
  type: 'object',
  required: ['grants'],
  properties: { grants: { type: 'array', items: GRANT }, next_cursor: TEXT },
};
