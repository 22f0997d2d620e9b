import { ROUTES } from '#shared/contract/routes.ts';
import { HOLD_REASONS } from '#shared/jobs/ports.ts';
import { ID_PATTERN, instant } from '#shared/jobs/schema-members.ts';
import { BODY_SCHEMAS, type RouteWithBody } from '#shared/operations/bodies/index.ts';
import { INSTANT, json, type Member } from './openapi-parts.ts';

const TEXT = { type: 'string' };
const LIST = { type: 'array', items: { type: 'object' } };

/**
 * What a patient may demand: a copy, an accounting of disclosures, an erasure.
 * @param problems responses of these statuses, by reference
 */
export function rightsPaths(problems: (statuses: readonly number[]) => Member): Member {
  const decision = (
    operationId: string,
    description: string,
    status: number,
    refusals: readonly number[],
    body?: RouteWithBody,
  ): Member => ({
    operationId,
    description,
    parameters: [USER],
    ...(body && { requestBody: { required: true, content: json(bodyOf(body)) } }),
    responses: {
      [status]: { description: 'What is decided now.', content: json(ERASURE) },
      ...problems([400, 401, 403, ...refusals, ...(body ? [413, 415] : []), 429, 500]),
    },
  });
  return {
    [ROUTES.exportUser.path]: {
      get: {
        operationId: 'exportUser',
        description: 'Everything that is held about a patient, as the patient may see it, in pages.',
        parameters: [USER, FORMAT, limitUpTo(500), CURSOR],
        responses: {
          200: {
            description: 'One page.',
            content: {
              ...json(EXPORT),
              'application/fhir+json': {
                schema: { type: 'object', description: 'A Bundle of FHIR R4; its link "next" leads on.' },
              },
            },
          },
          ...problems([400, 401, 403, 429, 500, 503]),
        },
      },
    },
    [ROUTES.listDisclosures.path]: {
      get: {
        operationId: 'listDisclosures',
        description: 'Who saw or changed what is known of a patient, when and what for, newest first.',
        parameters: [
          USER,
          inQuery('from', 'Six years back unless given, and never further.', instant),
          inQuery('to', 'Before then; now unless given.', instant),
          limitUpTo(200),
          CURSOR,
        ],
        responses: {
          200: { description: 'One page.', content: json(DISCLOSURES) },
          ...problems([400, 401, 403, 429, 500, 503]),
        },
      },
    },
    [ROUTES.requestErasure.path]: {
      delete: decision(
        'requestErasure',
        'Asks for a user to be erased. Nothing happens until another admin confirms.',
        202,
        [409, 410, 503],
      ),
    },
    [ROUTES.getErasure.path]: {
      get: decision('getErasure', 'What was decided about erasing a user.', 200, [503]),
      post: decision(
        'decideErasure',
        'Another admin confirms, and the user is erased after seven days; or a legal hold is placed or lifted.',
        200,
        [409, 410, 503],
        'decideErasure',
      ),
      delete: decision('revokeErasure', 'Takes it back, as long as it has not begun.', 200, [409, 410]),
    },
  };
}

function bodyOf(route: RouteWithBody): Member {
  const { $schema, ...schema }: { $schema?: unknown } & Member = { ...BODY_SCHEMAS[route] };
  return schema;
}

const USER = { name: 'user_id', in: 'path', required: true, schema: { type: 'string', pattern: ID_PATTERN } };

const inQuery = (name: string, description: string, schema: Member): Member => ({
  name,
  in: 'query',
  description,
  schema,
});

const FORMAT = inQuery('format', 'json unless given.', { type: 'string', enum: ['json', 'fhir'] });
const CURSOR = inQuery('cursor', 'The next_cursor of the page before.', TEXT);
const limitUpTo = (maximum: number): Member =>
  inQuery('limit', '100 unless given.', { type: 'integer', minimum: 1, maximum });

const EXPORT = {
  type: 'object',
  required: ['user_id', 'exported_at'],
  properties: {
    user_id: TEXT,
    exported_at: INSTANT,
    preferences: LIST,
    medications: LIST,
    schedules: LIST,
    supply_counts: LIST,
    reminders: LIST,
    import_lines: LIST,
    jobs: LIST,
    unreadable: {
      type: 'array',
      description:
        'What stands and could not be put into this page, because nobody can read it; absent: nothing.',
      items: {
        type: 'object',
        required: ['section', 'reason', 'count'],
        properties: {
          section: TEXT,
          reason: { type: 'string', enum: ['form', 'damaged', 'key_missing', 'erased', 'lost'] },
          count: { type: 'integer', minimum: 1 },
        },
      },
    },
    next_cursor: TEXT,
  },
};

const DISCLOSURES = {
  type: 'object',
  required: ['user_id', 'from', 'to', 'disclosures'],
  properties: {
    user_id: TEXT,
    from: INSTANT,
    to: INSTANT,
    disclosures: {
      type: 'array',
      items: {
        type: 'object',
        required: ['at', 'action', 'recipient', 'purpose', 'in_accounting', 'entry_id'],
        properties: {
          at: INSTANT,
          action: TEXT,
          recipient: {
            type: 'object',
            description: 'Keyed hashes, and the role.',
            required: ['ref', 'role'],
            properties: { ref: TEXT, role: TEXT, on_behalf_of_ref: TEXT },
          },
          purpose: {
            type: ['object', 'null'],
            properties: { code: TEXT, declared: { type: 'boolean' } },
          },
          in_accounting: { type: 'boolean', description: 'Whether 45 CFR 164.528 has it accounted for.' },
          left_out_because: TEXT,
          job_id: TEXT,
          entry_id: TEXT,
        },
      },
    },
    next_cursor: TEXT,
  },
};

const ERASURE = {
  type: 'object',
  required: ['user_id', 'status', 'legal_hold'],
  properties: {
    user_id: TEXT,
    status: { type: 'string', enum: ['none', 'requested', 'scheduled', 'running', 'erased'] },
    erasure_id: TEXT,
    requested_at: INSTANT,
    confirm_by: INSTANT,
    confirmed_at: INSTANT,
    due_at: INSTANT,
    erased_at: INSTANT,
    legal_hold: {
      type: ['object', 'null'],
      properties: { since: INSTANT, reason: { type: 'string', enum: HOLD_REASONS } },
    },
  },
};
