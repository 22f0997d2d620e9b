import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT, type StackFolder } from '../stack-folder.ts';
import { emulatorEnvironment } from './emulator-environment.ts';

export interface Emulator {
  /** Absent when the endpoint belongs to somebody else. */
  readonly pid?: number;
  readonly endpointUrl: string;
  /** Resolves with its exit code when it dies without having been asked to. */
  readonly died: Promise<number | null>;
  /** Stops it and removes what it left behind. */
  stop(): Promise<void>;
}

const READY_SECONDS = 20;
const STOP_SECONDS = 10;

/**
 * Starts the emulator and waits until it answers. With `AWS_ENDPOINT_URL` in the environment that endpoint is used as
 * it is, and stopping it is left to whoever started it.
 * @throws Error that says what to do when it does not come up.
 */
export async function startEmulator(folder: StackFolder, port: number): Promise<Emulator> {
  const given = process.env['AWS_ENDPOINT_URL'];
  if (given) return { endpointUrl: given, died: new Promise(() => undefined), stop: async () => undefined };

  rmSync(folder.temporary, { recursive: true, force: true });
  for (const directory of [folder.temporary, folder.state, folder.hooks, folder.logs])
    mkdirSync(directory, { recursive: true });
  // The emulator writes its function runner there as a CommonJS file; without this, the project's own package.json
  // would make it an ES module, which ends at once and without a word.
  writeFileSync(join(folder.temporary, 'package.json'), '{"type":"commonjs"}');
  const logFile = join(folder.logs, 'emulator.log');
  const log = openSync(logFile, 'w');
  const child = spawn(pythonCommand(), ['-m', 'ministack'], {
    cwd: folder.temporary,
    env: emulatorEnvironment(folder, port, process.env['PATH'] ?? ''),
    stdio: ['ignore', log, log],
    // Its own process group: a Ctrl-C in the terminal reaches the supervisor only, which then stops it in order.
    detached: true,
  });
  closeSync(log);
  let exited = false;
  const died = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  }).finally(() => {
    exited = true;
  });

  const endpointUrl = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (!exited && child.pid !== undefined) {
      child.kill('SIGTERM');
      await Promise.race([died, sleep(STOP_SECONDS * 1000, undefined, { ref: false })]);
      // The whole group, so that no function's process outlives it.
      killGroup(child.pid);
      await Promise.race([died, sleep(1000, undefined, { ref: false })]);
    }
    rmSync(folder.temporary, { recursive: true, force: true });
  };

  for (const end = Date.now() + READY_SECONDS * 1000; Date.now() < end && !exited; await sleep(50))
    if (await isHealthy(endpointUrl))
      return { ...(child.pid === undefined ? {} : { pid: child.pid }), endpointUrl, died, stop };
  await stop();
  throw new Error(`The laptop's AWS did not come up within ${READY_SECONDS} s; ${logFile} says why.`);
}

export async function isHealthy(endpointUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${endpointUrl}/_ministack/health`, { signal: AbortSignal.timeout(2000) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Kills what is left of a process group; a group that is gone already is no error. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Everything in it has ended.
  }
}

function pythonCommand(): string {
  const file = join(PROJECT_ROOT, '.local', 'emulator', 'python-command');
  if (!existsSync(file))
    throw new Error(
      'The laptop stack is not prepared. Run "node infra/local/prepare.mjs" once, or simply "npm start".',
    );
  return readFileSync(file, 'utf8').trim();
}
