import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { isAlive } from '../stack-file.ts';
import { stackFolder, TEST_FOLDERS } from '../stack-folder.ts';
import { bringUp } from '../stack-lifecycle.ts';
import { stopSupervisor } from '../supervision.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Root folder of this test run's laptop stack. */
    laptopFolder: string;
  }
}

const ENDPOINT = 'AWS_ENDPOINT_URL';

/** Vitest calls this once before all files that need the laptop stack: they share one, in a folder of its own. */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  removeEndedRuns();
  const folder = stackFolder(join(TEST_FOLDERS, `run-${process.pid}`));
  const { stack } = await bringUp(folder, { attached: true, emulatorPort: 0, frontPort: 0 }, () => undefined);
  project.provide('laptopFolder', folder.root);
  // For tests of adapters, which need an endpoint and nothing of what is deployed there.
  const given = process.env[ENDPOINT];
  process.env[ENDPOINT] = stack.awsEndpointUrl;
  return async () => {
    await stopSupervisor(folder);
    if (given === undefined) delete process.env[ENDPOINT];
    else process.env[ENDPOINT] = given;
  };
}

/** The last run's folder stays for whoever wants to read its logs, until the next run begins. */
function removeEndedRuns(): void {
  mkdirSync(TEST_FOLDERS, { recursive: true });
  for (const name of readdirSync(TEST_FOLDERS))
    if (!isAlive(Number(name.replace('run-', ''))))
      rmSync(join(TEST_FOLDERS, name), { recursive: true, force: true });
}
