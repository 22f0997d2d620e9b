import { ON_BEHALF_HEADER, PURPOSE_HEADER } from '#functions/http/declared-use.ts';
import { submitSchema } from '#functions/http/submit-schema.ts';
import { problemType } from '#shared/contract/problem-type.ts';
import { API_PREFIX, ROUTES, submitPath } from '#shared/contract/routes.ts';
import { PROBLEMS, type ProblemCode } from '#shared/errors/problem-error.ts';
import { PURPOSES_OF_USE } from '#shared/evidence/purpose-of-use.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { ID_PATTERN } from '#shared/jobs/schema-members.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { auditPaths } from './openapi-audit.ts';
import { breakGlassPaths } from './openapi-break-glass.ts';
import { importPaths } from './openapi-imports.ts';
import { interactionPaths } from './openapi-interactions.ts';
import { JOB, LIST, LIST_PARAMETERS, PROBLEM } from './openapi-jobs.ts';
import { operationPaths } from './openapi-operations.ts';
import { inPath, JOB_ID, json, type Member, ref, TOKEN } from './openapi-parts.ts';
import { priorityPaths } from './openapi-priorities.ts';
import { userPaths } from './openapi-users.ts';

/**
 * The API as an OpenAPI 3.1 document, made of what the API itself runs on: the kinds' schemas, the routes, the
 * problem codes. It says nothing that they do not say.
 */
export function openApiDocument(): Member {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Medication Jobs',
      version: packageJson.version,
      description: packageJson.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_PREFIX }],
    security: TOKEN,
    paths: withUse({
      ...Object.fromEntries(PUBLIC_KINDS.map((kind) => [submitPath(kind.name), { post: submission(kind) }])),
      ...otherPaths(),
    }),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Job: JOB, Problem: PROBLEM },
      parameters: USE,
      responses: Object.fromEntries(
        statuses().map((status) => [`Problem${status}`, problemResponse(status)]),
      ),
    },
  };
}

function submission(kind: JobKind): Member {
  const { $schema, ...schema }: { $schema?: unknown } & Member = { ...submitSchema(kind.schema) };
  return {
    operationId: `submit-${kind.name}`,
    tags: ['jobs'],
    summary: `Submits a job of kind ${kind.name}: ${kind.priorities.join(', ')}; ${kind.defaultPriority} unless said.`,
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'For 24 hours the same key with the same body gives the same answer.',
        schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^,]*$' },
      },
    ],
    requestBody: { required: true, content: { 'application/json': { schema, example: kind.example } } },
    responses: {
      202: {
        description: 'Accepted: the job stands and will be run.',
        headers: { Location: { schema: { type: 'string' } } },
        content: json(ref('schemas', 'Job')),
      },
      ...problems([400, 401, 403, 404, 410, 413, 415, 422, 429, 500, 503]),
    },
  };
}

function otherPaths(): Readonly<Record<string, Member>> {
  const job = inPath('job_id', JOB_ID);
  const answer = (status: number, description: string, schema: Member) => ({
    [status]: { description, content: json(schema) },
  });
  const about = (operationId: string, parameters: readonly Member[], responses: Member): Member => ({
    operationId,
    parameters,
    responses,
  });
  return {
    [ROUTES.listJobs.path]: {
      get: about('listJobs', LIST_PARAMETERS, {
        ...answer(200, 'One page of jobs.', LIST),
        ...problems([400, 401, 403, 429, 500, 503]),
      }),
    },
    [ROUTES.getJob.path]: {
      get: about('getJob', [job], {
        ...answer(200, 'The job, with its result once it has one.', ref('schemas', 'Job')),
        ...problems([401, 404, 410, 429, 500, 503]),
      }),
    },
    [ROUTES.cancelJob.path]: {
      post: about('cancelJob', [job], {
        ...answer(200, 'The cancelled job.', ref('schemas', 'Job')),
        ...problems([401, 404, 409, 429, 500]),
      }),
    },
    [ROUTES.retryJob.path]: {
      post: about('retryJob', [job], {
        ...answer(202, 'The job, queued again.', ref('schemas', 'Job')),
        ...problems([401, 404, 409, 429, 500]),
      }),
    },
    ...auditPaths(problems),
    ...interactionPaths(problems),
    ...userPaths(problems),
    ...importPaths(problems),
    ...priorityPaths(problems),
    ...breakGlassPaths(problems),
    ...operationPaths(problems, LIST),
    [ROUTES.health.path]: {
      get: {
        ...about('health', [], {
          ...answer(200, 'Up, or degraded: nobody is subscribed to the topic of reminders.', {
            type: 'object',
          }),
          ...answer(503, 'Down.', { type: 'object' }),
        }),
        security: [{}, ...TOKEN],
      },
    },
  };
}

/** What every request may say of its use. */
const USE = {
  PurposeOfUse: {
    name: PURPOSE_HEADER,
    in: 'header',
    description: 'What the data are used for, by HL7’s PurposeOfUse; what the role stands for unless given.',
    schema: { type: 'string', enum: Object.keys(PURPOSES_OF_USE) },
  },
  OnBehalfOf: {
    name: ON_BEHALF_HEADER,
    in: 'header',
    description: 'The person for whom a service acts.',
    schema: { type: 'string', pattern: ID_PATTERN },
  },
};

/**
 * What every request may be answered: a header, a query, a body or an id that cannot be taken as it is, also where none is
 * wanted; no valid token; roles or a purpose that do not allow it; too many; a failure.
 */
const ALWAYS = [400, 401, 403, 413, 415, 429, 500];

/** The operations with the headers that all of them take, and with what all of them may answer. */
const withUse = (paths: Readonly<Record<string, Member>>): Member =>
  mapValues(paths, (methods) =>
    mapValues(methods, (operation) => ({
      ...Object(operation),
      responses: { ...problems(ALWAYS), ...Object(operation).responses },
      parameters: [
        ...(Object(operation).parameters ?? []),
        ...Object.keys(USE).map((name) => ref('parameters', name)),
      ],
    })),
  );

const mapValues = <From, To>(of: Readonly<Record<string, From>>, to: (value: From) => To) =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value)]));

const entries = Object.entries(PROBLEMS) as [ProblemCode, (typeof PROBLEMS)[ProblemCode]][]; // its own keys

const statuses = (): number[] => [...new Set(entries.map(([, { status }]) => status))];

const problems = (wanted: readonly number[]): Member =>
  Object.fromEntries(wanted.map((status) => [status, ref('responses', `Problem${status}`)]));

function problemResponse(status: number): Member {
  const own = entries.filter(([, problem]) => problem.status === status);
  return {
    description: own.map(([code, { title }]) => `${problemType(code)}: ${title}.`).join(' '),
    content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } },
  };
}

if (import.meta.main) console.log(JSON.stringify(openApiDocument(), null, 2));
