import { fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHealthy, killGroup } from './emulator/start-emulator.ts';
import { freePort } from './free-port.ts';
import { isAlive, type ProcessFile, readProcessFile, removeStackFiles } from './stack-file.ts';
import { PROJECT_ROOT, type StackFolder } from './stack-folder.ts';

const STOP_SECONDS = 15;

export interface SupervisorWishes {
  /** The supervisor ends together with this process; otherwise it lives on until it is told to stop. */
  readonly attached: boolean;
  /** Zero: any free one. */
  readonly emulatorPort: number;
  readonly frontPort: number;
}

/**
 * Starts the process that a stack lives in, and waits until it answers.
 * @throws Error that names its log when it does not come up
 */
export async function startSupervisor(folder: StackFolder, wishes: SupervisorWishes): Promise<ProcessFile> {
  await removeLeftovers(folder);
  mkdirSync(folder.logs, { recursive: true });
  const logFile = join(folder.logs, 'supervisor.log');
  const log = openSync(logFile, 'w');
  const ports = {
    emulator: await freePort(wishes.emulatorPort),
    front: await freePort(wishes.frontPort),
  };
  const child = fork(
    join(PROJECT_ROOT, 'infra', 'local', 'supervisor.ts'),
    [
      `--folder=${folder.root}`,
      `--emulator-port=${ports.emulator}`,
      `--front-port=${ports.front}`,
      ...(wishes.attached ? ['--attached'] : []),
    ],
    // Its own process group: Ctrl-C reaches whoever started it, which then stops it in order.
    {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
    },
  );
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`The laptop stack did not come up; ${logFile} says why.`)));
  });
  if (!wishes.attached) child.disconnect();
  child.unref();
  child.channel?.unref();
  const started = readProcessFile(folder);
  if (!started) throw new Error(`The laptop stack wrote no ${folder.processFile}.`);
  return started;
}

/** The supervisor of that folder, if it runs: its front says so itself, since a process id alone may be somebody else's. */
export async function runningSupervisor(folder: StackFolder): Promise<ProcessFile | undefined> {
  const noted = readProcessFile(folder);
  if (!noted || !isAlive(noted.supervisor)) return undefined;
  try {
    const front = await fetch(`http://127.0.0.1:${noted.frontPort}/`, { signal: AbortSignal.timeout(3000) });
    const { supervisor }: { supervisor?: number } = JSON.parse(await front.text());
    return supervisor === noted.supervisor ? noted : undefined;
  } catch {
    return undefined;
  }
}

/** Stops the stack of that folder. @returns whether one ran */
export async function stopSupervisor(folder: StackFolder): Promise<boolean> {
  const running = await runningSupervisor(folder);
  if (!running) {
    await removeLeftovers(folder);
    return false;
  }
  process.kill(running.supervisor, 'SIGTERM');
  for (const end = Date.now() + STOP_SECONDS * 1000; Date.now() < end && isAlive(running.supervisor); )
    await sleep(50);
  if (isAlive(running.supervisor)) process.kill(running.supervisor, 'SIGKILL');
  await removeLeftovers(folder);
  return true;
}

/** An emulator outlives a supervisor that was killed hard; it is recognised by its port and its answer. */
async function removeLeftovers(folder: StackFolder): Promise<void> {
  const noted = readProcessFile(folder);
  if (noted?.emulator !== undefined && isAlive(noted.emulator) && (await isHealthy(noted.awsEndpointUrl)))
    killGroup(noted.emulator);
  removeStackFiles(folder);
}
