import { STAFF_BODY_SCHEMAS, type StaffRouteWithBody } from '#shared/operations/bodies/staff.ts';
import { compile, type ValidateBody } from './validators.ts';

/** The validator of the body of a route of staff; the build puts standalone code in the place of this file, too. */
export function staffBodyValidatorOf(route: StaffRouteWithBody): ValidateBody | undefined {
  const known = compiled.get(route) ?? compile(STAFF_BODY_SCHEMAS[route]);
  compiled.set(route, known);
  return known;
}

const compiled = new Map<StaffRouteWithBody, ValidateBody>();
