import { ROUTES } from '#shared/contract/routes.ts';
import { json, type Member } from './openapi-parts.ts';

const JOB_ID = { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' };
const LINKS = { type: 'object', additionalProperties: { type: 'string' } };
const COUNT = { type: 'integer', minimum: 0 };

/**
 * The routes that bring many schedules at once.
 * @param problems responses of these statuses, by reference
 */
export function importPaths(problems: (statuses: readonly number[]) => Member): Member {
  const id = { name: 'import_id', in: 'path', required: true, schema: JOB_ID };
  return {
    [ROUTES.submitImport.path]: {
      post: {
        operationId: 'submitImport',
        description:
          'At most 2,097,152 bytes and 2,000 lines. The same body by the same caller is the same import; with an Idempotency-Key of its own it is another one, which judges anew what no job was made of.',
        parameters: [IDEMPOTENCY_KEY],
        requestBody: { required: true, content: BODIES },
        responses: {
          202: {
            description: 'Accepted: every line will be judged, and the report says what became of it.',
            headers: { Location: { schema: { type: 'string' } } },
            content: json(ACCEPTED),
          },
          ...problems([400, 401, 403, 410, 413, 415, 422, 429, 500]),
        },
      },
    },
    [ROUTES.getImport.path]: {
      get: {
        operationId: 'getImport',
        parameters: [
          id,
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
          { name: 'cursor', in: 'query', schema: { type: 'string' } },
        ],
        responses: {
          200: { description: 'Progress, and one page of the report.', content: json(IMPORT) },
          ...problems([400, 401, 403, 404, 429, 500, 503]),
        },
      },
    },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'For 24 hours the same key with the same body gives the same answer.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^,]*$' },
};

const BODIES = {
  'application/x-ndjson': {
    schema: {
      type: 'string',
      description:
        'A body of POST /jobs/medication-reminder in each line, without priority and run_at, and if wanted a member `medication` with members of PUT /users/{user_id}/medications/{medication_id}.',
    },
  },
  'application/fhir+json': {
    schema: {
      type: 'object',
      description: 'FHIR R4: a Bundle of MedicationRequest, or one MedicationRequest.',
    },
  },
  'application/fhir+ndjson': {
    schema: { type: 'string', description: 'FHIR R4: one MedicationRequest in each line.' },
  },
};

const ACCEPTED = {
  type: 'object',
  required: ['import_id', 'lines', 'links'],
  properties: { import_id: JOB_ID, lines: { type: 'integer', minimum: 1 }, links: LINKS },
};

const PROBLEMS = {
  type: 'array',
  items: {
    type: 'object',
    required: ['pointer', 'code', 'detail'],
    properties: { pointer: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } },
  },
};

const LINE = {
  type: 'object',
  required: ['line', 'outcome'],
  properties: {
    line: { type: 'integer', minimum: 1, description: 'Number of the line, or of the entry of the Bundle.' },
    outcome: { type: 'string', enum: ['pending', 'accepted', 'rejected', 'superseded', 'failed'] },
    job_id: JOB_ID,
    job_status: { type: 'string', description: 'The state of that job now.' },
    repeated: {
      type: 'boolean',
      description: 'The job was made before, by the same line: nothing was changed.',
    },
    superseded_by: {
      type: 'integer',
      minimum: 1,
      description: 'The line about the same medication that counts.',
    },
    problems: PROBLEMS,
    warnings: { ...PROBLEMS, description: 'What of the line was left out.' },
  },
};

const COUNTS = ['total', 'done', 'failed', 'pending', 'accepted', 'rejected', 'superseded'] as const;

const IMPORT = {
  type: 'object',
  required: ['import_id', 'status', 'lines', 'report', 'links'],
  properties: {
    import_id: JOB_ID,
    status: { type: 'string', enum: ['in_progress', 'completed', 'failed', 'cancelled'] },
    format: { type: 'string', enum: ['ndjson', 'fhir'] },
    created_at: { type: 'string', format: 'date-time' },
    ended_at: { type: 'string', format: 'date-time' },
    lines: {
      type: 'object',
      required: COUNTS,
      properties: Object.fromEntries(COUNTS.map((name) => [name, COUNT])),
    },
    report: { type: 'array', items: LINE },
    next_cursor: { type: 'string' },
    links: LINKS,
  },
};
