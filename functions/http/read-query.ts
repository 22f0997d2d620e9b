import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import type { ApiEvent } from './api-event.ts';
import { pointerTo } from './pointer.ts';

/** Reads one parameter: what it says, or what is wrong with it. */
export type ReadParameter = (
  text: string,
) => { readonly value: string } | { readonly fault: Omit<Problem, 'pointer'> };

/**
 * The parameters of a query, each read by its own row of a table.
 * @throws ProblemError `invalid_input` with a problem for every parameter that is unknown, repeated or unreadable
 */
export function readQuery<Name extends string>(
  event: ApiEvent,
  parameters: Readonly<Record<Name, ReadParameter>>,
): { readonly [N in Name]?: string } {
  const problems: Problem[] = [];
  const found: [string, string][] = [];
  const known = new Map(Object.entries<ReadParameter>(parameters));
  for (const [name, [text = '', ...more]] of parametersOf(event)) {
    const pointer = pointerTo('', name);
    const read = known.get(name)?.(text);
    if (!read) problems.push({ pointer, code: 'unknown_field', detail: 'There is no such parameter.' });
    else if (more.length > 0)
      problems.push({ pointer, code: 'repeated_field', detail: 'Name each parameter once.' });
    else if ('fault' in read) problems.push({ pointer, ...read.fault });
    else found.push([name, read.value]);
  }
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The query does not fit its documented form; see problems.', {
      problems,
    });
  // Only names of the table have come this far.
  return Object.fromEntries(found) as { readonly [N in Name]?: string };
}

/** Every parameter with all its values; API Gateway keeps repeated ones in a member of their own. */
const parametersOf = (event: ApiEvent): [name: string, values: readonly string[]][] =>
  event.multiValueQueryStringParameters
    ? Object.entries(event.multiValueQueryStringParameters).map(([name, values]) => [name, values ?? []])
    : Object.entries(event.queryStringParameters ?? {}).map(([name, value]) => [name, [value ?? '']]);
