import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Bodies, RouteWithBody } from '#shared/operations/bodies/index.ts';
import type { ApiEvent } from './api-event.ts';
import { bodyValidatorOf } from './body-validators.ts';
import { readBody } from './read-body.ts';
import { schemaProblems } from './schema-problems.ts';

/**
 * The body of a route, once it fits the route's schema.
 * @throws ProblemError `invalid_input` with a problem for every field, and what `readBody` throws
 */
export function validBody<R extends RouteWithBody>(event: ApiEvent, route: R): Bodies[R] {
  const { value, problems } = readBody(event);
  const validate = bodyValidatorOf(route);
  if (!validate) throw new Error(`There is no validator for ${route}; the build made one per route.`);
  const fits = validate(value);
  const all = [...(fits ? [] : schemaProblems(validate.errors ?? [])), ...problems];
  if (!fits || all.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems: all,
    });
  // The schema that this type is derived from has just accepted it.
  return value as Bodies[R];
}
