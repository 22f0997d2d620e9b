import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Template } from './template.ts';

export interface AssemblyStack {
  readonly name: string;
  readonly template: Template;
  /** Files that the template's functions are made of. */
  readonly assets: readonly Asset[];
}

export interface Asset {
  /** Absolute path of a folder that becomes a zip, or of a file that is uploaded as it is. */
  readonly source: string;
  readonly packaging: 'zip' | 'file';
  readonly bucket: string;
  readonly key: string;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging?: 'zip' | 'file' };
        readonly destinations: Readonly<
          Record<string, { readonly bucketName: string; readonly objectKey: string }>
        >;
      }
    >
  >;
}

/** The stacks of a cloud assembly, each after the ones that it depends on. */
export function readAssembly(directory: string): AssemblyStack[] {
  const { artifacts }: { artifacts: Readonly<Record<string, Artifact>> } = readJson(
    join(directory, 'manifest.json'),
  );
  return inOrder(artifacts).flatMap((id) => {
    const artifact = artifacts[id];
    if (artifact?.type !== 'aws:cloudformation:stack' || !artifact.properties?.templateFile) return [];
    const assetsFile = (artifact.dependencies ?? [])
      .map((dependency) => artifacts[dependency])
      .find((dependency) => dependency?.type === 'cdk:asset-manifest')?.properties?.file;
    return [
      {
        name: artifact.properties.stackName ?? id,
        template: readJson<Template>(join(directory, artifact.properties.templateFile)),
        assets: assetsFile === undefined ? [] : assetsOf(directory, readJson(join(directory, assetsFile))),
      },
    ];
  });
}

/** Ids so that every artifact comes after its dependencies. */
function inOrder(artifacts: Readonly<Record<string, Artifact>>): string[] {
  const ordered = new Set<string>();
  const visit = (id: string): void => {
    if (ordered.has(id)) return;
    for (const dependency of artifacts[id]?.dependencies ?? []) visit(dependency);
    ordered.add(id);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return [...ordered];
}

function assetsOf(directory: string, manifest: AssetManifest): Asset[] {
  return Object.values(manifest.files ?? {}).flatMap(({ source, destinations }) => {
    // The template itself is an asset too; it is handed over directly.
    if (source.path.endsWith('.template.json')) return [];
    return Object.values(destinations).map((destination) => ({
      source: isAbsolute(source.path) ? source.path : join(directory, source.path),
      packaging: source.packaging ?? 'file',
      bucket: resolvePseudo(destination.bucketName),
      key: resolvePseudo(destination.objectKey),
    }));
  });
}

/** Replaces the pseudo parameters that asset destinations are written with. */
const resolvePseudo = (text: string): string =>
  text
    .replaceAll(/\$\{AWS::AccountId\}/g, '000000000000')
    .replaceAll(/\$\{AWS::Region\}/g, 'us-east-1')
    .replaceAll(/\$\{AWS::Partition\}/g, 'aws');

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8'));
}
