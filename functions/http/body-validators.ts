import { BODY_SCHEMAS, type RouteWithBody } from '#shared/operations/bodies/index.ts';
import { compile, type ValidateBody } from './validators.ts';

/**
 * The validator of a route's body.
 *
 * This file is for tests and tools: the build puts standalone code in its place, a module with this one export, made
 * from `BODY_SCHEMAS` with `AJV_OPTIONS` and ajv-formats. ajv itself is never bundled.
 */
export function bodyValidatorOf(route: RouteWithBody): ValidateBody | undefined {
  const known = compiled.get(route) ?? compile(BODY_SCHEMAS[route]);
  compiled.set(route, known);
  return known;
}

const compiled = new Map<RouteWithBody, ValidateBody>();
