import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { FUNCTION_VARIABLES } from '#shared/contract/functions.ts';
import { copyDataFiles } from './data-files.ts';
import { placeFile } from './place-file.ts';
import { mustExist, replacedModules } from './replaced-modules.ts';
import { type BundleSize, bundleSizes, sizeTable } from './size-table.ts';
import { standaloneValidators } from './standalone-validators.ts';

/** `lambda` is what every stage on AWS runs; `laptop` differs from it in the hooks and in being readable. */
export type Flavour = 'lambda' | 'laptop';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Bundles every function in one run to `<outdir>/<function>/index.mjs` (handler `index.handler`).
 * @throws Error that names the functions of the contract that have no entry file.
 */
export async function bundle(
  flavour: Flavour,
  outdir: string = join(ROOT, 'dist', flavour),
): Promise<readonly BundleSize[]> {
  const entryPoints = Object.fromEntries(
    Object.keys(FUNCTION_VARIABLES).map((name) => [
      `${name}/index`,
      join(ROOT, 'functions', name, 'index.ts'),
    ]),
  );
  const missing = Object.values(entryPoints).filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`Functions without an entry file: ${missing.join(', ')}`);

  const result = await build({
    entryPoints,
    outdir,
    // The paths of the metafile are relative to it, from wherever the build is called.
    absWorkingDir: ROOT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The ES modules of a package rather than its CommonJS, else nothing can be shaken off.
    mainFields: ['module', 'main'],
    minify: flavour === 'lambda',
    treeShaking: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
    // Only how sketches-js writes protocol buffers, which nothing here asks of it; it does not depend on it either.
    external: ['protobufjs/minimal'],
    alias: { '@aws-sdk/credential-provider-node': mustExist(ROOT, 'infra/build/environment-credentials.ts') },
    plugins: [standaloneValidators(ROOT), ...(flavour === 'laptop' ? [laptopHooks()] : [])],
  });
  for (const { path, contents } of result.outputFiles) placeFile(path, contents);
  copyDataFiles(ROOT, outdir, result.metafile);
  return bundleSizes(result.metafile);
}

const laptopHooks = () =>
  replacedModules(
    new Map([
      [mustExist(ROOT, 'functions/runtime/hooks.ts'), mustExist(ROOT, 'infra/local/hooks/runtime-hooks.ts')],
    ]),
  );

if (import.meta.main) {
  const { values } = parseArgs({ options: { flavour: { type: 'string', default: 'lambda' } } });
  if (values.flavour !== 'lambda' && values.flavour !== 'laptop')
    throw new Error('--flavour is lambda or laptop.');
  const sizes = await bundle(values.flavour);
  console.log(sizeTable(sizes));
}
