import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Files in which ports stand, with what they hand on. */
const PORT_FILES = globSync('shared/**/{ports,*-ports}.ts').flatMap((file) => [
  file,
  ...[...textOf(file).matchAll(/^export (?:type )?\* from '(.+)';$/gm)].map(([, path = '']) =>
    join(dirname(file), path),
  ),
]);

/** Every exported interface with a method, by name; one that another port extends is proved with that one. */
function portNames(): string[] {
  const interfaces = PORT_FILES.flatMap((file) => [
    ...textOf(file).matchAll(/^export interface (\w+)(?:<.*>)?(?: extends (\w+))? \{\n(.*?)\n\}$/gms),
  ]);
  const extended = new Set(interfaces.map(([, , base]) => base));
  return interfaces
    .filter(([, , , members = '']) => /^ {2}\w+(<.*>)?\(/m.test(members))
    .flatMap(([, name]) => name ?? [])
    .filter((name) => !extended.has(name) && !isComposed(name));
}

/** Put together by an operation from other ports, which are proved: there is no fake of it. */
const isComposed = (port: string): boolean =>
  globSync('shared/operations/*.ts').some((file) => textOf(file).includes(`export function create${port}(`));

/** Test files that run the suite of a port. */
const runsOf = (port: string) =>
  globSync('{shared,functions,infra,test}/**/*.test.ts').filter((file) =>
    new RegExp(`^ *${contractOf(port)}\\(`, 'm').test(textOf(file)),
  );

const contractOf = (port: string) => `${port.charAt(0).toLowerCase()}${port.slice(1)}Contract`;
const fileOf = (port: string) => port.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();

const usesFakes = (file: string) =>
  !file.endsWith('.stack.test.ts') && /from '[^']*\/(fakes|builders)\//.test(textOf(file));

/** On the emulator; for an adapter that calls nothing of AWS, any test that uses it. */
function usesRealThing(file: string, port: string): boolean {
  if (file.endsWith('.stack.test.ts')) return /from '(#shared\/adapters|\.)\//.test(textOf(file));
  const adapter = `shared/adapters/${fileOf(port)}.ts`;
  return textOf(file).includes(`'#${adapter}'`) && !textOf(adapter).includes('@aws-sdk/');
}

function textOf(file: string): string {
  return readFileSync(file, 'utf8');
}

describe('the ports', () => {
  it('are found', () => {
    expect(portNames()).toEqual(
      expect.arrayContaining(['JobStore', 'AuditLog', 'KeyedHashes', 'RecordReader']),
    );
    // A basis, and a mere shape.
    for (const none of ['Refs', 'JobChange', 'OutcomeRow']) expect(portNames()).not.toContain(none);
  });

  it.each(portNames())('%s has one suite, which runs on its fake and on the real thing', (port) => {
    const [file, suite] = [`test/contracts/${fileOf(port)}-contract.ts`, contractOf(port)];
    expect(globSync(file), `Write the suite of ${port} as ${suite} in ${file}.`).toEqual([file]);
    expect(textOf(file)).toContain(`export function ${suite}(`);
    const runs = runsOf(port);
    expect(
      runs.filter(usesFakes),
      `No unit test calls ${suite} on what stands for a ${port} in test/fakes or test/builders.`,
    ).not.toEqual([]);
    expect(
      runs.filter((run) => usesRealThing(run, port)),
      `No *.stack.test.ts calls ${suite} on the adapter.`,
    ).not.toEqual([]);
  });
});
