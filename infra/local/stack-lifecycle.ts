import { writeFileSync } from 'node:fs';
import { bundle } from '#infra/build/bundle.ts';
import type { BundleSize } from '#infra/build/size-table.ts';
import { API_PREFIX } from '#shared/contract/routes.ts';
import { type Deployment, deployAssembly } from './deploy/deploy.ts';
import { synthesise } from './deploy/synthesise.ts';
import { describeStack } from './describe-stack.ts';
import { LAPTOP_REGION } from './emulator/emulator-environment.ts';
import { clearInbox, subscribeInbox } from './front/inbox.ts';
import { issuerUrl } from './front/issuer.ts';
import { clearFaults, resetClock } from './hooks/laptop-hooks.ts';
import { setWatermarks } from './hooks/watermarks.ts';
import { laptopClients } from './laptop-clients.ts';
import { type ProcessFile, removeStackFile, type StackFile, writeStackFile } from './stack-file.ts';
import { leftOutFile, type StackFolder } from './stack-folder.ts';
import { runningSupervisor, type SupervisorWishes, startSupervisor } from './supervision.ts';

/** Told at the beginning of each step. */
export type Report = (step: string) => void;

export interface UpResult {
  readonly stack: StackFile;
  readonly deployment: Deployment;
  readonly sizes: readonly BundleSize[];
  /** Whether the stack ran before and was only updated. */
  readonly updated: boolean;
}

/** Ports of the developer's stack when they are free. */
export const DEVELOPER_PORTS = { emulatorPort: 4566, frontPort: 4700 } as const;

/** Builds, synthesises and deploys. A stack that runs is updated and keeps its contents; otherwise one is started. */
export async function bringUp(
  folder: StackFolder,
  wishes: SupervisorWishes,
  report: Report,
): Promise<UpResult> {
  const running = await runningSupervisor(folder);
  if (!running) forgetHooks(folder);
  report('Bundling the functions');
  const starting = running ?? startSupervisor(folder, wishes);
  // Whichever of the two fails first is told; the other must not become an unhandled rejection.
  const [processes, sizes] = await Promise.all([starting, bundle('laptop')]);
  return { ...(await deploy(folder, processes, report)), sizes, updated: running !== undefined };
}

/** Empties the running stack (stores, queues, logs, clock, faults, inbox) and deploys what was last synthesised. */
export async function resetStack(folder: StackFolder, report: Report): Promise<void> {
  const processes = await runningSupervisor(folder);
  if (!processes) throw new Error('No laptop stack is running. Start one with "npm run local -- up".');
  report('Emptying the laptop’s AWS');
  // The front and the bridge see by this that nothing is deployed.
  removeStackFile(folder);
  const answer = await fetch(`${processes.awsEndpointUrl}/_ministack/reset`, { method: 'POST' });
  if (!answer.ok) throw new Error(`The laptop's AWS refused to be emptied (status ${answer.status}).`);
  forgetHooks(folder);
  report('Deploying');
  await intoStack(folder, processes);
}

/** A fresh stack begins at the machine's time, without faults, and with nothing published. */
function forgetHooks(folder: StackFolder): void {
  resetClock(folder.hooks);
  clearFaults(folder.hooks);
  clearInbox(folder);
}

async function deploy(folder: StackFolder, processes: ProcessFile, report: Report) {
  report('Synthesising the CDK app');
  await synthesise({
    app: 'infra/main.ts',
    assembly: folder.assembly,
    frontPort: processes.frontPort,
    hooksDirectory: folder.hooks,
  });
  report('Deploying');
  return intoStack(folder, processes);
}

async function intoStack(
  folder: StackFolder,
  processes: ProcessFile,
): Promise<{ stack: StackFile; deployment: Deployment }> {
  const { awsEndpointUrl, frontPort } = processes;
  const clients = laptopClients(awsEndpointUrl);
  const deployment = await deployAssembly(awsEndpointUrl, folder.assembly);
  writeFileSync(leftOutFile(folder), JSON.stringify(deployment.dropped, undefined, 2));
  const { invokePath, ...described } = describeStack(deployment.outputs);
  const frontUrl = `http://127.0.0.1:${frontPort}`;
  const stack: StackFile = {
    apiUrl: `${frontUrl}${API_PREFIX}`,
    frontUrl,
    awsEndpointUrl,
    region: LAPTOP_REGION,
    ...described,
    invokeUrl: `${awsEndpointUrl}${invokePath}`,
    inboxQueues: await subscribeInbox(clients, described.topic.arn, described.bus),
    resources: Object.fromEntries(deployment.resources),
    issuer: issuerUrl(frontPort),
    hooksDir: folder.hooks,
    logs: folder.logs,
    pids: {
      supervisor: processes.supervisor,
      ...(processes.emulator === undefined ? {} : { emulator: processes.emulator }),
    },
  };
  await setWatermarks(stack, Date.now(), 'absent');
  writeStackFile(folder, stack);
  return { stack, deployment };
}
