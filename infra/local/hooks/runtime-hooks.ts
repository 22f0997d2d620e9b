import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { RetryableError } from '#shared/errors/attempt-error.ts';
import { type Clock, instantOf } from '#shared/lifecycle/instant.ts';
import type { Engine } from '#shared/operations/engine.ts';
import {
  clockFile,
  type FaultMode,
  faultsDirectory,
  HOOKS_DIRECTORY_VARIABLE,
  isFaultMode,
} from './hook-files.ts';

// Takes the place of functions/runtime/hooks.ts in the laptop's bundles, and only there.

export { createAwsCallCounter } from './record-aws-calls.ts';

/** The machine's time plus the offset that stands in the hooks folder now. */
export const clock: Clock = () => instantOf(Date.now() + offsetMs());

/** Runs the attempt's work, unless a fault is waiting for this kind: then the oldest one happens, once. */
export const aroundProcess: Engine['aroundProcess'] = async (kind, work) => {
  const mode = takeFault(kind);
  if (mode === 'error') throw injected('before');
  if (mode === 'crash') process.exit(70);
  if (mode === 'timeout') return neverSettles();
  const done = await work();
  if (mode === 'after-effect') throw injected('after');
  return done;
};

const injected = (when: 'before' | 'after'): RetryableError =>
  new RetryableError('injected_fault', `A fault was placed for this attempt ${when} its work.`);

const neverSettles = (): Promise<never> =>
  new Promise(() => {
    // A pending promise alone does not keep Node alive; the function has to reach its time limit.
    setInterval(() => undefined, 1000);
  });

const hooksDirectory = (): string | undefined => process.env[HOOKS_DIRECTORY_VARIABLE];

function offsetMs(): number {
  const directory = hooksDirectory();
  if (directory === undefined) return 0;
  try {
    const stored: unknown = JSON.parse(readFileSync(clockFile(directory), 'utf8'));
    const offset =
      typeof stored === 'object' && stored !== null && 'offsetMs' in stored ? stored.offsetMs : 0;
    return typeof offset === 'number' ? offset : 0;
  } catch {
    // No file: nobody has set the clock.
    return 0;
  }
}

function takeFault(kind: string): FaultMode | undefined {
  const directory = hooksDirectory();
  if (directory === undefined) return undefined;
  const folder = faultsDirectory(directory, kind);
  for (const token of waitingFaults(folder)) {
    try {
      // Of two workers that see the same file only one can remove it: that one has the fault.
      unlinkSync(join(folder, token.name));
      return token.mode;
    } catch {
      // The other one was faster; look at the next file.
    }
  }
  return undefined;
}

function waitingFaults(folder: string): { name: string; mode: FaultMode }[] {
  try {
    return readdirSync(folder)
      .map((name) => ({
        name,
        mode: name.replace(/-\d+$/, ''),
        order: Number(name.slice(name.lastIndexOf('-') + 1)),
      }))
      .sort((a, b) => a.order - b.order)
      .flatMap(({ name, mode }) => (isFaultMode(mode) ? [{ name, mode }] : []));
  } catch {
    // No folder: no fault was placed for this kind.
    return [];
  }
}
