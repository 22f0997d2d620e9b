import type { TestProject } from 'vitest/node';
import { bringUp } from '../stack-lifecycle.ts';
import { stopSupervisor } from '../supervision.ts';
import { runFolder } from './run-folder.ts';

const ENDPOINT = 'AWS_ENDPOINT_URL';

/** Vitest calls this once before all files that share the laptop stack of their run. */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  const folder = runFolder(project.name);
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
