import { ROUTES } from '#shared/contract/routes.ts';
import { ID_PATTERN, instant } from '#shared/jobs/schema-members.ts';
import { ACTOR_REF_PATTERN, schema as search } from '#shared/operations/bodies/audit-search.ts';
import { INSTANT, inPath, type Member } from './openapi-parts.ts';

const TEXT = { type: 'string' };
const COUNT = { type: 'integer', minimum: 1 };

const JOB = inPath('job_id', '^[0-9A-HJKMNP-TV-Z]{26}$');

const inQuery = (name: string, description: string, schema: Member, required = false): Member => ({
  name,
  in: 'query',
  description,
  ...(required && { required }),
  schema,
});
const PAGE = [
  inQuery('limit', '50 unless given.', { type: 'integer', minimum: 1, maximum: 100 }),
  inQuery('cursor', 'The next_cursor of the page before.', TEXT),
  inQuery('format', 'JSON unless given.', { type: 'string', enum: ['json', 'fhir'] }),
];
const RANGE = [
  inQuery('from', 'Entries of then or later; 30 days before the end unless given.', instant),
  inQuery('to', 'Entries of before; now unless given.', instant),
];

/**
 * The routes to the audit trail and to what was checked before a job was accepted.
 * @param problems responses of these statuses, by reference
 */
export function auditPaths(problems: (statuses: readonly number[]) => Member): Member {
  const entries = (operationId: string, description: string, parameters: readonly Member[]): Member => ({
    operationId,
    description: `For auditors. ${description} Oldest first.`,
    parameters,
    responses: { 200: ANSWER, ...problems([400, 401, 403, 429, 500, 503]) },
  });
  const ofJob = entries('getJobAudit', 'The life of a job, and who looked at it.', [JOB, ...PAGE]);
  const { $schema, ...body }: { $schema?: unknown } & Member = { ...search };
  return {
    [ROUTES.getEvidence.path]: {
      get: {
        operationId: 'getEvidence',
        description: 'The checks that were made before the job was accepted, for whoever may see the job.',
        parameters: [JOB],
        responses: {
          200: { description: 'The checks.', content: { 'application/json': { schema: EVIDENCE } } },
          ...problems([400, 401, 404, 429, 500, 503]),
        },
      },
    },
    [ROUTES.getReceipt.path]: {
      get: {
        operationId: 'getReceipt',
        description:
          'The receipt of a job that has ended, for whoever may see the job; it is checked without this API by `npm run audit -- verify`.',
        parameters: [JOB],
        responses: {
          200: { description: 'The receipt.', content: { 'application/json': { schema: RECEIPT } } },
          ...problems([400, 401, 404, 409, 429, 500, 503]),
        },
      },
    },
    [ROUTES.getJobAudit.path]: {
      get: { ...ofJob, responses: { 200: ANSWER, ...problems([400, 401, 403, 404, 429, 500, 503]) } },
    },
    [ROUTES.getUserAudit.path]: {
      get: entries('getUserAudit', 'Who did what to the data of a user.', [
        inPath('user_id', ID_PATTERN),
        ...RANGE,
        ...PAGE,
      ]),
    },
    [ROUTES.getActorAudit.path]: {
      get: entries('getActorAudit', 'What somebody did whom an entry names.', [
        inQuery(
          'actor',
          'The actor.ref of an entry, which for a person finds entries of the year that it names; or the keyed hash by which rows know somebody, which finds those of all years.',
          { type: 'string', pattern: ACTOR_REF_PATTERN },
          true,
        ),
        ...RANGE,
        ...PAGE,
      ]),
    },
    [ROUTES.searchAudit.path]: {
      post: {
        ...entries('searchAudit', 'What somebody did who is known by the subject of their tokens.', []),
        requestBody: { required: true, content: { 'application/json': { schema: body } } },
        responses: { 200: ANSWER, ...problems([400, 401, 403, 413, 415, 429, 500, 503]) },
      },
    },
  };
}

const EVIDENCE = {
  type: 'object',
  required: ['job_id', 'kind', 'accepted_at', 'accepted_as', 'checks'],
  properties: {
    job_id: TEXT,
    kind: TEXT,
    accepted_at: INSTANT,
    accepted_as: { type: 'string', description: 'The role in which it was submitted.' },
    policy_version: { type: 'string', description: 'Names the access table that was in force.' },
    parent_job_id: { type: 'string', description: 'The job that ordered this one.' },
    checks: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'outcome', 'at'],
        properties: {
          name: TEXT,
          control: { type: 'string', description: 'Clause of 45 CFR 164.' },
          outcome: { type: 'string', enum: ['verified', 'enforced', 'not_applicable', 'failed'] },
          evidence: {
            type: 'string',
            description: 'Step or probe of the request, or the test that proves it.',
          },
          at: INSTANT,
        },
      },
    },
  },
};

const RECEIPT = {
  type: 'object',
  required: [
    'v',
    'job_id',
    'kind',
    'status',
    'generation',
    'accepted_at',
    'ended_at',
    'chain',
    'entries',
    'proofs',
    'seals',
  ],
  properties: {
    v: { const: 1 },
    job_id: TEXT,
    kind: TEXT,
    status: { type: 'string', description: 'The final state.' },
    generation: COUNT,
    accepted_at: INSTANT,
    ended_at: INSTANT,
    error_code: TEXT,
    request: {
      type: 'object',
      required: ['hash'],
      properties: {
        hash: {
          type: 'string',
          description:
            'SHA-256 (hex) over the salt, as text, followed by the canonical JSON (RFC 8785) of the body without priority and run_at.',
        },
        salt: { type: 'string', description: 'For those who are shown the result.' },
      },
    },
    chain: {
      type: 'object',
      required: ['sequence', 'hash'],
      properties: { sequence: COUNT, hash: TEXT },
    },
    entries: {
      type: 'array',
      description: 'The audit entries of acceptance and final state, as they are stored and sealed.',
      minItems: 2,
      maxItems: 2,
      items: { type: 'object' },
    },
    proofs: {
      type: 'array',
      description: 'That entries stand in a seal; from the next seal on.',
      items: { type: 'object' },
    },
    seals: {
      type: 'array',
      description: 'The signed seals that the proofs name.',
      items: { type: 'object' },
    },
  },
};

const ENTRY = {
  type: 'object',
  required: ['entry_id', 'at', 'action', 'outcome', 'actor', 'correlation_id', 'details', 'hash'],
  properties: {
    entry_id: TEXT,
    at: INSTANT,
    action: TEXT,
    outcome: { type: 'string', enum: ['success', 'refused', 'failure'] },
    actor: {
      type: 'object',
      required: ['ref', 'role'],
      properties: {
        ref: { type: 'string', description: 'Keyed hash of the subject, or a part of the system.' },
        role: TEXT,
        token_id: TEXT,
        purpose: {
          type: 'object',
          required: ['code', 'declared'],
          properties: { code: TEXT, declared: { type: 'boolean' } },
        },
        on_behalf_of: { type: 'string', description: 'Keyed hash of the person for whom a service acted.' },
        break_glass: {
          type: 'string',
          description: 'Grant of emergency access without which it would have been refused.',
        },
      },
    },
    user_ref: { type: 'string', description: 'Keyed hash of the user whose data it is.' },
    job_id: TEXT,
    correlation_id: TEXT,
    details: { type: 'object' },
    sequence: { ...COUNT, description: 'Its place in the chain of its job.' },
    previous_hash: TEXT,
    hash: { type: 'string', description: 'SHA-256 over the canonical JSON of the entry as it is stored.' },
  },
};

const ANSWER = {
  description: 'One page of entries.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['entries'],
        properties: {
          entries: { type: 'array', items: ENTRY },
          unreadable_entries: { ...COUNT, description: 'Items of this page that are no entries.' },
          next_cursor: TEXT,
        },
      },
    },
    'application/fhir+json': {
      schema: {
        type: 'object',
        description: 'FHIR R4 Bundle (searchset) of AuditEvents.',
        required: ['resourceType', 'type', 'link'],
        properties: { resourceType: { const: 'Bundle' }, type: { const: 'searchset' } },
      },
    },
  },
};
