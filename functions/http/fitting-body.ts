import { ProblemError } from '#shared/errors/problem-error.ts';
import type { ApiEvent } from './api-event.ts';
import { readBody } from './read-body.ts';
import { schemaProblems } from './schema-problems.ts';
import type { ValidateBody } from './validators.ts';

/**
 * The body of a request, once its validator accepts it.
 * @throws ProblemError `invalid_input` with a problem for every field, and what `readBody` throws
 */
export function fittingBody(event: ApiEvent, route: string, validate: ValidateBody | undefined): unknown {
  const { value, problems } = readBody(event);
  if (!validate) throw new Error(`There is no validator for ${route}; the build made one per route.`);
  const fits = validate(value);
  const all = [...(fits ? [] : schemaProblems(validate.errors ?? [])), ...problems];
  if (!fits || all.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems: all,
    });
  return value;
}
