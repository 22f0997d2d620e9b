import type { Metafile } from 'esbuild';

export interface BundleSize {
  readonly name: string;
  readonly bytes: number;
}

/** Size of each function's bundle, largest first. Output paths are `<folder>/<function>/index.mjs`. */
export function bundleSizes(metafile: Metafile): BundleSize[] {
  return Object.entries(metafile.outputs)
    .flatMap(([path, output]) => {
      const name = /([^/]+)\/index\.mjs$/.exec(path)?.[1];
      return name === undefined ? [] : [{ name, bytes: output.bytes }];
    })
    .sort((a, b) => b.bytes - a.bytes);
}

/** A small table for people. */
export function sizeTable(sizes: readonly BundleSize[]): string {
  const width = Math.max(0, ...sizes.map(({ name }) => name.length));
  return sizes
    .map(({ name, bytes }) => `${name.padEnd(width)}  ${(bytes / 1024).toFixed(0).padStart(5)} KB`)
    .join('\n');
}
