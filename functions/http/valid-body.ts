import type { Bodies, RouteWithBody } from '#shared/operations/bodies/index.ts';
import type { ApiEvent } from './api-event.ts';
import { bodyValidatorOf } from './body-validators.ts';
import { fittingBody } from './fitting-body.ts';

/**
 * The body of a route, once it fits the route's schema.
 * @throws ProblemError `invalid_input` with a problem for every field, and what `readBody` throws
 */
export function validBody<R extends RouteWithBody>(event: ApiEvent, route: R): Bodies[R] {
  // The schema that this type is derived from has just accepted it.
  return fittingBody(event, route, bodyValidatorOf(route)) as Bodies[R];
}
