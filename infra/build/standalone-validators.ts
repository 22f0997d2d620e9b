import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCodeModule from 'ajv/dist/standalone/index.js';
import addFormatsModule from 'ajv-formats';
import type { Plugin } from 'esbuild';
import { AJV_OPTIONS } from '#functions/http/ajv-options.ts';
import { submitSchema } from '#functions/http/submit-schema.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { BODY_SCHEMAS } from '#shared/operations/bodies/index.ts';
import { STAFF_BODY_SCHEMAS } from '#shared/operations/bodies/staff.ts';

/**
 * Puts ajv's finished code in the place of `functions/http/validators.ts`, `body-validators.ts` and `staff-body-validators.ts` beside it, which
 * compile the schemas when they are first used. Several modules, so that no function carries the validators of another. Compiling costs a cold start some 150 ms and ajv itself a third of the bundle; the finished code is
 * loaded in about 6 ms.
 */
export function standaloneValidators(root: string): Plugin {
  return {
    name: 'standalone-validators',
    setup(build) {
      const replace = (filter: RegExp, contents: () => string) =>
        // ajv's code requires its own run-time parts; they are found from `resolveDir`.
        build.onLoad({ filter }, () => ({ contents: contents(), loader: 'js', resolveDir: root }));
      replace(/\/functions\/http\/validators\.ts$/, () => validatorsSource(PUBLIC_KINDS));
      replace(/\/functions\/http\/body-validators\.ts$/, () => bodyValidatorsSource(BODY_SCHEMAS));
      replace(/\/functions\/http\/staff-body-validators\.ts$/, () =>
        moduleSource('staffBodyValidatorOf', Object.entries(STAFF_BODY_SCHEMAS)),
      );
    },
  };
}

/** Source of a module with the one export of `functions/http/validators.ts`. */
export const validatorsSource = (kinds: readonly Pick<JobKind, 'name' | 'schema'>[]): string =>
  moduleSource(
    'validatorOf',
    kinds.map(({ name, schema }) => [name, submitSchema(schema)]),
  );

/** Source of a module with the one export of `functions/http/body-validators.ts`. */
export const bodyValidatorsSource = (schemas: Readonly<Record<string, object>>): string =>
  moduleSource('bodyValidatorOf', Object.entries(schemas));

/** A module whose one export answers the validator of a name. */
function moduleSource(
  exported: string,
  schemas: readonly (readonly [name: string, schema: object])[],
): string {
  const ajv = new Ajv2020({ ...AJV_OPTIONS, code: { source: true, esm: true } });
  // Both are CommonJS modules under NodeNext: the default export is the namespace.
  addFormatsModule.default(ajv);
  const exports: Record<string, string> = {};
  for (const [index, [name, schema]] of schemas.entries()) {
    // A kind's name is no JavaScript identifier, so the exports are numbered.
    exports[`validate${index}`] = name;
    ajv.addSchema(schema, name);
  }
  const entries = schemas.map(([name], index) => `[${JSON.stringify(name)}, validate${index}]`);
  return `${standaloneCodeModule.default(ajv, exports)}
const validators = new Map([${entries.join(', ')}]);
export const ${exported} = (name) => validators.get(name);
`;
}
