import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Puts one module in the place of another, however the importing file spells it: the match is by resolved file.
 * @param replacements absolute path of the module → absolute path of what stands in its place
 */
export function replacedModules(replacements: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'replaced-modules',
    setup(build) {
      const names = [...replacements.keys()].map((file) => file.slice(file.lastIndexOf('/') + 1));
      const filter = new RegExp(`(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`);
      build.onResolve({ filter }, async (request) => {
        // The plugin's own question must not come back to it.
        if (request.pluginData === 'resolving') return undefined;
        const found = await build.resolve(request.path, {
          importer: request.importer,
          kind: request.kind,
          resolveDir: request.resolveDir,
          pluginData: 'resolving',
        });
        const replacement = replacements.get(found.path);
        return replacement === undefined ? found : { path: replacement };
      });
    },
  };
}

/** Fails with a sentence instead of a bundle that silently contains the original. */
export function mustExist(root: string, path: string): string {
  const file = join(root, path);
  if (!existsSync(file)) throw new Error(`The build replaces ${path}, but there is no such file.`);
  return file;
}
