import type { StaffBodies, StaffRouteWithBody } from '#shared/operations/bodies/staff.ts';
import type { ApiEvent } from './api-event.ts';
import { fittingBody } from './fitting-body.ts';
import { staffBodyValidatorOf } from './staff-body-validators.ts';

/**
 * The same for routes of staff.
 * @throws ProblemError `invalid_input` with a problem for every field, and what `readBody` throws
 */
export function validStaffBody<R extends StaffRouteWithBody>(event: ApiEvent, route: R): StaffBodies[R] {
  // The schema that this type is derived from has just accepted it.
  return fittingBody(event, route, staffBodyValidatorOf(route)) as StaffBodies[R];
}
