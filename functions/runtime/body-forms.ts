import { bodyValidatorOf } from '#functions/http/body-validators.ts';
import { schemaProblems } from '#functions/http/schema-problems.ts';
import { ENVELOPE_PROPERTIES } from '#functions/http/submit-schema.ts';
import { textProblems } from '#functions/http/text-problems.ts';
import { type ValidateBody, validatorOf } from '#functions/http/validators.ts';
import type { Problem } from '#shared/errors/problem-error.ts';
import type { Json } from '#shared/jobs/ports.ts';
import type { BodyForms } from '#shared/operations/ports.ts';

/** The very validators of the endpoints, for bodies that come inside of a job. */
export const bodyForms: BodyForms = {
  job: (kind, body) => [...envelopeProblems(body), ...problemsOf(validatorOf(kind), kind, body)],
  route: (route, body) => problemsOf(bodyValidatorOf(route), route, body),
};

function problemsOf(validate: ValidateBody | undefined, name: string, body: Json): Problem[] {
  if (!validate) throw new Error(`There is no validator for ${name}; the build makes one per endpoint.`);
  const problems = validate(body) ? [] : schemaProblems(validate.errors ?? []);
  return [...problems, ...textProblems(body)];
}

/** What a request of its own may say about its job, which is for the one to say that the body came in. */
const envelopeProblems = (body: Json): Problem[] =>
  Object.keys(ENVELOPE_PROPERTIES)
    .filter((name) => typeof body === 'object' && body !== null && Object.hasOwn(body, name))
    .map((name) => ({
      pointer: `/${name}`,
      code: 'unknown_field',
      detail: 'This field is not allowed here.',
    }));
