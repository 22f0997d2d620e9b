import type { ApiEvent } from '#functions/http/api-event.ts';
import { pointerTo } from '#functions/http/pointer.ts';
import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { instantOf, msOf } from '#shared/lifecycle/instant.ts';
import { isPriority, PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { STATUSES } from '#shared/lifecycle/transitions.ts';
import type { ListQuery } from '#shared/operations/list-jobs.ts';

const DEFAULT_LIMIT = 25;
const MOST_JOBS = 100;
const LONGEST_CURSOR = 2_048;
/** ISO 8601 with a zone; a bare local time would mean another instant on each machine. */
const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The filters of `GET /jobs`, each read by its own row of a table.
 * @throws ProblemError `invalid_input` with a problem for every parameter that is unknown, repeated or unreadable
 */
export function readListQuery(event: ApiEvent, kinds: ReadonlyMap<string, JobKind>): ListQuery {
  const problems: Problem[] = [];
  const found = new Map<ParameterName, string>();
  for (const [name, [text = '', ...more]] of parametersOf(event)) {
    const pointer = pointerTo('', name);
    if (!isParameter(name))
      problems.push({ pointer, code: 'unknown_field', detail: 'There is no such parameter.' });
    else if (more.length > 0)
      problems.push({ pointer, code: 'repeated_field', detail: 'Name each parameter once.' });
    else {
      const { fits, detail } = PARAMETERS[name];
      if (fits(text, kinds)) found.set(name, text);
      else problems.push({ pointer, code: 'invalid_value', detail });
    }
  }
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The query does not fit its documented form; see problems.', {
      problems,
    });
  return queryOf(found);
}

/** Every parameter with all its values; API Gateway keeps repeated ones in a member of their own. */
const parametersOf = (event: ApiEvent): [name: string, values: readonly string[]][] =>
  event.multiValueQueryStringParameters
    ? Object.entries(event.multiValueQueryStringParameters).map(([name, values]) => [name, values ?? []])
    : Object.entries(event.queryStringParameters ?? {}).map(([name, value]) => [name, [value ?? '']]);

interface Parameter {
  readonly fits: (text: string, kinds: ReadonlyMap<string, JobKind>) => boolean;
  readonly detail: string;
}

const INSTANT: Parameter = {
  fits: (text) => ISO_INSTANT.test(text) && !Number.isNaN(msOf(text)),
  detail: 'Give an ISO 8601 time with its zone, such as 2026-01-31T08:00:00Z.',
};

const PARAMETERS = {
  kind: { fits: (text, kinds) => kinds.has(text), detail: 'Name a job kind.' },
  status: { fits: (text) => statusOf(text) !== undefined, detail: `Use one of: ${STATUSES.join(', ')}.` },
  priority: { fits: isPriority, detail: `Use one of: ${PRIORITY_NAMES.join(', ')}.` },
  from: INSTANT,
  to: INSTANT,
  limit: {
    fits: (text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_JOBS,
    detail: `Give a whole number from 1 to ${MOST_JOBS}.`,
  },
  cursor: {
    fits: (text) => text.length <= LONGEST_CURSOR && /^[\w-]+$/.test(text),
    detail: 'Give the next_cursor of the page before, unchanged.',
  },
} as const satisfies Record<string, Parameter>;

type ParameterName = keyof typeof PARAMETERS;

const isParameter = (name: string): name is ParameterName => Object.hasOwn(PARAMETERS, name);

const statusOf = (text: string | undefined) => STATUSES.find((status) => status === text);

function queryOf(found: ReadonlyMap<ParameterName, string>): ListQuery {
  const [kind, priority, from, to, cursor] = [
    found.get('kind'),
    found.get('priority'),
    found.get('from'),
    found.get('to'),
    found.get('cursor'),
  ];
  const status = statusOf(found.get('status'));
  return {
    limit: Number(found.get('limit') ?? DEFAULT_LIMIT),
    ...(kind !== undefined && { kind }),
    ...(status !== undefined && { status }),
    ...(priority !== undefined && isPriority(priority) && { priority }),
    ...(from !== undefined && { from: instantOf(msOf(from)) }),
    ...(to !== undefined && { to: instantOf(msOf(to)) }),
    ...(cursor !== undefined && { cursor }),
  };
}
