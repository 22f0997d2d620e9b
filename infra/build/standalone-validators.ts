import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCodeModule from 'ajv/dist/standalone/index.js';
import addFormatsModule from 'ajv-formats';
import type { Plugin } from 'esbuild';
import { AJV_OPTIONS } from '#functions/http/ajv-options.ts';
import { submitSchema } from '#functions/http/submit-schema.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';

/**
 * Puts ajv's finished code in the place of `functions/http/validators.ts`, which compiles the schemas when they are
 * first used. Compiling costs a cold start some 150 ms and ajv itself a third of the bundle; the finished code is
 * loaded in about 6 ms.
 */
export function standaloneValidators(root: string): Plugin {
  return {
    name: 'standalone-validators',
    setup(build) {
      build.onLoad({ filter: /\/functions\/http\/validators\.ts$/ }, () => ({
        contents: validatorsSource(PUBLIC_KINDS),
        loader: 'js',
        // ajv's code requires its own run-time parts; they are found from here.
        resolveDir: root,
      }));
    },
  };
}

/** Source of a module with the one export of `functions/http/validators.ts`. */
export function validatorsSource(kinds: readonly Pick<JobKind, 'name' | 'schema'>[]): string {
  const ajv = new Ajv2020({ ...AJV_OPTIONS, code: { source: true, esm: true } });
  // Both are CommonJS modules under NodeNext: the default export is the namespace.
  addFormatsModule.default(ajv);
  const exports: Record<string, string> = {};
  for (const [index, kind] of kinds.entries()) {
    // A kind's name is no JavaScript identifier, so the exports are numbered.
    exports[`validate${index}`] = kind.name;
    ajv.addSchema(submitSchema(kind.schema), kind.name);
  }
  const entries = kinds.map((kind, index) => `[${JSON.stringify(kind.name)}, validate${index}]`);
  return `${standaloneCodeModule.default(ajv, exports)}
const validators = new Map([${entries.join(', ')}]);
export const validatorOf = (kind) => validators.get(kind);
`;
}
