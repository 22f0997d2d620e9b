import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { placeFile } from './place-file.ts';

/** A module → the folder of data files that it reads beside itself, which after bundling is beside the bundle. */
const DATA_OF: ReadonlyMap<string, string> = new Map([
  ['shared/clinical/names/built-in-lexicon.ts', 'shared/clinical/names/data'],
  ['shared/clinical/interactions/built-in-rules.ts', 'shared/clinical/interactions/data'],
]);

/**
 * Puts names and rules, without their white space, as `data/` beside each bundle that holds the code that reads them.
 * @throws Error when two folders hold files of one name
 */
export function copyDataFiles(root: string, outdir: string, metafile: Metafile): void {
  for (const { entryPoint, inputs } of Object.values(metafile.outputs)) {
    if (entryPoint === undefined) continue;
    const into = join(outdir, entryPoint.split('/').at(-2) ?? '', 'data');
    const files = [...DATA_OF].flatMap(([module, folder]) =>
      (inputs[module]?.bytesInOutput ?? 0) > 0 ? dataFilesIn(join(root, folder)) : [],
    );
    const names = files.map((file) => file.slice(dirname(file).length));
    if (new Set(names).size < names.length)
      throw new Error(`Two data files of one name: ${names.join(', ')}`);
    files.forEach((file, index) => {
      const data = JSON.stringify(JSON.parse(readFileSync(file, 'utf8')));
      placeFile(join(into, names[index] ?? ''), Buffer.from(data));
    });
  }
}

const dataFilesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'))
    .map((name) => join(folder, name));
