import type { ApiEvent } from '#functions/http/api-event.ts';
import { pointerTo } from '#functions/http/pointer.ts';
import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { isPriority, PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { readInstant } from '#shared/lifecycle/read-instant.ts';
import { STATUSES } from '#shared/lifecycle/transitions.ts';
import { ERROR_CODE_PATTERN } from '#shared/operations/bodies/job-search.ts';
import type { ListQuery } from '#shared/operations/list-jobs.ts';

export const DEFAULT_LIMIT = 25;
const MOST_JOBS = 100;
const LONGEST_CURSOR = 2_048;

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
      const fault = PARAMETERS[name](text, kinds);
      if (fault) problems.push({ pointer, ...fault });
      else found.set(name, text);
    }
  }
  const query = queryOf(found);
  if (query.from !== undefined && query.to !== undefined && query.from >= query.to)
    problems.push({ pointer: '/to', code: 'invalid_value', detail: 'The end must be later than "from".' });
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The query does not fit its documented form; see problems.', {
      problems,
    });
  return query;
}

/** Every parameter with all its values; API Gateway keeps repeated ones in a member of their own. */
const parametersOf = (event: ApiEvent): [name: string, values: readonly string[]][] =>
  event.multiValueQueryStringParameters
    ? Object.entries(event.multiValueQueryStringParameters).map(([name, values]) => [name, values ?? []])
    : Object.entries(event.queryStringParameters ?? {}).map(([name, value]) => [name, [value ?? '']]);

/** What is wrong with a parameter's text, `undefined` when it can be read. */
type Parameter = (text: string, kinds: ReadonlyMap<string, JobKind>) => Omit<Problem, 'pointer'> | undefined;

const fitting =
  (fits: (...given: Parameters<Parameter>) => boolean, detail: string): Parameter =>
  (text, kinds) =>
    fits(text, kinds) ? undefined : { code: 'invalid_value', detail };

const instant: Parameter = (text) => {
  const read = readInstant(text);
  if (read.ok) return undefined;
  const { code, detail } = read;
  // A plus that stands bare in a query arrives as a space.
  return { code, detail: code === 'wrong_format' ? `${detail} In a URL "+" is written %2B.` : detail };
};

const PARAMETERS = {
  kind: fitting((text, kinds) => kinds.has(text), 'Name a job kind.'),
  status: fitting((text) => statusOf(text) !== undefined, `Use one of: ${STATUSES.join(', ')}.`),
  priority: fitting(isPriority, `Use one of: ${PRIORITY_NAMES.join(', ')}.`),
  error_code: fitting(
    (text) => new RegExp(ERROR_CODE_PATTERN).test(text),
    'Give the error_code of a job: small letters, digits and "_".',
  ),
  from: instant,
  to: instant,
  limit: fitting(
    (text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_JOBS,
    `Give a whole number from 1 to ${MOST_JOBS}.`,
  ),
  cursor: fitting(
    (text) => text.length <= LONGEST_CURSOR && /^[\w-]+$/.test(text),
    'Give the next_cursor of the page before, unchanged.',
  ),
} as const satisfies Record<string, Parameter>;

type ParameterName = keyof typeof PARAMETERS;

const isParameter = (name: string): name is ParameterName => Object.hasOwn(PARAMETERS, name);

/** Of a text that has been found readable. */
function instantOf(text: string | undefined): Instant | undefined {
  const read = text === undefined ? undefined : readInstant(text);
  return read?.ok ? read.instant : undefined;
}

const statusOf = (text: string | undefined) => STATUSES.find((status) => status === text);

function queryOf(found: ReadonlyMap<ParameterName, string>): ListQuery {
  const [kind, priority, cursor] = [found.get('kind'), found.get('priority'), found.get('cursor')];
  const errorCode = found.get('error_code');
  const [from, to] = [instantOf(found.get('from')), instantOf(found.get('to'))];
  const status = statusOf(found.get('status'));
  return {
    limit: Number(found.get('limit') ?? DEFAULT_LIMIT),
    ...(kind !== undefined && { kind }),
    ...(status !== undefined && { status }),
    ...(priority !== undefined && isPriority(priority) && { priority }),
    ...(errorCode !== undefined && { errorCode }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(cursor !== undefined && { cursor }),
  };
}
