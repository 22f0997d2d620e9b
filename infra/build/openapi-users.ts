import { REMINDER_STATUSES } from '#shared/clinical/index.ts';
import { ROUTES } from '#shared/contract/routes.ts';
import { ID_PATTERN, instant, localDate } from '#shared/jobs/schema-members.ts';
import { BODY_SCHEMAS, type RouteWithBody } from '#shared/operations/bodies/index.ts';
import { INSTANT, inPath, json, type Member } from './openapi-parts.ts';
import { rightsPaths } from './openapi-rights.ts';

const inQuery = (name: string, description: string, schema: Member): Member => ({
  name,
  in: 'query',
  description,
  schema,
});

const USER = inPath('user_id', ID_PATTERN);
const MEDICATION = [USER, inPath('medication_id', ID_PATTERN)];
const REMINDER_OF = [USER, inPath('reminder_id', '^[A-Za-z0-9_-]{1,160}$')];
const TAG = { description: 'Its version, for If-Match.', schema: { type: 'string' } };

const ifMatch = (description: string): Member => ({
  name: 'If-Match',
  in: 'header',
  description,
  schema: { type: 'string' },
});

/** Everything below `/users/{user_id}`. */
export function userPaths(problems: (statuses: readonly number[]) => Member): Member {
  const read = (operationId: string, parameters: readonly Member[], schema: Member, headers?: Member) => ({
    operationId,
    parameters,
    responses: { ...ok(schema, headers), ...problems([400, 401, 403, 429, 500, 503]) },
  });
  const write = (
    operationId: RouteWithBody,
    parameters: readonly Member[],
    schema: Member,
    refusals: readonly number[],
    headers?: Member,
  ) => ({
    operationId,
    parameters,
    requestBody: { required: true, content: json(bodyOf(operationId)) },
    responses: {
      ...ok(schema, headers),
      ...problems([400, 401, 403, ...refusals, 410, 413, 415, 429, 500]),
    },
  });
  const tagged = { ETag: TAG };
  return {
    ...rightsPaths(problems),
    [ROUTES.listReminders.path]: { get: read('listReminders', [USER, ...RANGE], REMINDERS) },
    [ROUTES.acknowledgeReminder.path]: {
      post: write('acknowledgeReminder', REMINDER_OF, REMINDER, [404, 409, 503]),
    },
    [ROUTES.reportDelivery.path]: { post: write('reportDelivery', REMINDER_OF, REMINDER, [404, 409, 503]) },
    [ROUTES.getPreferences.path]: {
      get: read('getPreferences', [USER], PREFERENCES, tagged),
      put: write(
        'putPreferences',
        [USER, ifMatch('ETag of the version that is replaced; demanded once preferences were set.')],
        PREFERENCES,
        [409, 412, 428],
        tagged,
      ),
    },
    [ROUTES.getCareTeam.path]: {
      get: read('getCareTeam', [USER], CARE_TEAM, tagged),
      put: write(
        'putCareTeam',
        [USER, ifMatch('ETag of the version that is replaced; demanded once a care team was set.')],
        CARE_TEAM,
        [409, 412, 428],
        tagged,
      ),
    },
    [ROUTES.listMedications.path]: { get: read('listMedications', [USER], MEDICATIONS) },
    [ROUTES.putMedication.path]: {
      put: write(
        'putMedication',
        [...MEDICATION, ifMatch('ETag of the version that is replaced; heeded when sent.')],
        MEDICATION_VIEW,
        [409, 412],
        tagged,
      ),
      delete: {
        operationId: 'stopMedication',
        parameters: MEDICATION,
        responses: {
          200: { description: 'It is stopped, and so are its reminders.', content: json({ type: 'object' }) },
          ...problems([400, 401, 403, 404, 409, 410, 429, 500, 503]),
        },
      },
    },
  };
}

const ok = (schema: Member, headers?: Member): Member => ({
  200: { description: 'Done.', ...(headers && { headers }), content: json(schema) },
});

function bodyOf(route: RouteWithBody): Member {
  const { $schema, ...schema }: { $schema?: unknown } & Member = { ...BODY_SCHEMAS[route] };
  return schema;
}

const LIMIT_OF_RANGE = { anyOf: [instant, localDate] };

const RANGE = [
  inQuery('from', 'Seven days ago unless given; a date is one of the user’s zone.', LIMIT_OF_RANGE),
  inQuery('to', 'In seven days unless given; at most 62 days after from.', LIMIT_OF_RANGE),
  inQuery('limit', '100 unless given.', { type: 'integer', minimum: 1, maximum: 200 }),
  inQuery('cursor', 'The next_cursor of the page before.', { type: 'string' }),
];

const TEXT = { type: 'string' };

const REMINDER = {
  type: 'object',
  required: ['reminder_id', 'medication_id', 'status', 'due_at', 'local_time', 'time_zone', 'slots'],
  properties: {
    reminder_id: TEXT,
    medication_id: TEXT,
    status: { type: 'string', enum: REMINDER_STATUSES },
    preview: { type: 'boolean', description: 'True: it does not stand yet, the schedule says so.' },
    overdue: {
      type: 'boolean',
      description: 'True: it is due, and has not been told. It can be taken or skipped all the same.',
    },
    due_at: INSTANT,
    expires_at: INSTANT,
    local_time: INSTANT,
    time_zone: TEXT,
    slots: { type: 'array', items: TEXT },
    reason: { type: 'string', description: 'Why it was not sent, or is held.' },
    acknowledgement: { type: 'object' },
    snoozed_until: INSTANT,
    delivery: { type: 'object' },
  },
};

const REMINDERS = {
  type: 'object',
  required: ['user_id', 'from', 'to', 'reminders'],
  properties: {
    user_id: TEXT,
    from: INSTANT,
    to: INSTANT,
    reminders: { type: 'array', items: REMINDER },
    next_cursor: TEXT,
  },
};

const PREFERENCES = { type: 'object', required: ['user_id', 'version', 'follow', 'channels', 'caregivers'] };

const CARE_TEAM = {
  type: 'object',
  required: ['user_id', 'version', 'care_team'],
  properties: {
    user_id: TEXT,
    version: { type: 'integer', minimum: 0 },
    care_team: BODY_SCHEMAS.putCareTeam.properties.care_team,
  },
};

const MEDICATION_VIEW = {
  type: 'object',
  required: ['medication_id', 'status', 'reminders', 'recognition', 'etag'],
  properties: {
    medication_id: TEXT,
    status: { type: 'string', enum: ['active', 'paused', 'stopped'] },
    reminders: { type: 'string', enum: ['none', 'active', 'stopped'] },
    recognition: { type: 'string', enum: ['recognised', 'unrecognised', 'unnamed'] },
    reason: {
      type: 'string',
      description: 'Why it is unrecognised.',
      enum: ['name_not_recognised', 'code_not_recognised', 'name_and_code_differ'],
    },
    ingredients: { type: 'array', items: TEXT },
    candidates: {
      type: 'array',
      description: 'Names that look alike: a question to a person, never an answer.',
      items: { type: 'object' },
    },
    etag: TEXT,
    warnings: {
      type: 'array',
      description: 'What a professional should look at.',
      items: { type: 'object' },
    },
  },
};

const MEDICATIONS = {
  type: 'object',
  required: ['user_id', 'medications'],
  properties: { user_id: TEXT, medications: { type: 'array', items: MEDICATION_VIEW } },
};
