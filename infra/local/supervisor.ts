import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { metricsBridge } from './bridge/metrics-bridge.ts';
import { readComposites } from './console/composite-alarms.ts';
import { listingClient } from './console/console-client.ts';
import { callCustomWidget } from './console/custom-widget.ts';
import { readLeftOutAlarms } from './console/left-out-alarms.ts';
import { metricSource } from './console/metric-source.ts';
import { dashboardNames, showDashboard } from './console/show-dashboard.ts';
import { startEmulator } from './emulator/start-emulator.ts';
import { startFront } from './front/front-server.ts';
import { collectInbox, readInbox } from './front/inbox.ts';
import { issuerKeys, issuerUrl } from './front/issuer.ts';
import { laptopClientConfig, laptopClients } from './laptop-clients.ts';
import { readStackFile, removeStackFiles, writeProcessFile } from './stack-file.ts';
import { leftOutFile, stackFolder } from './stack-folder.ts';

// The process that a laptop stack lives in: it starts the emulator, the front and the bridge, and takes all of them
// down with itself. Deploying is left to whoever started it.

const BRIDGE_EVERY_MS = 2000;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    'emulator-port': { type: 'string' },
    'front-port': { type: 'string' },
    attached: { type: 'boolean', default: false },
  },
});
const folder = stackFolder(values.folder ?? '');
const frontPort = Number(values['front-port']);

// Told to stop in the middle of starting, it finishes the start first: an emulator must never be left behind. So
// the handlers stand before anything is started.
const starting = startEmulator(folder, Number(values['emulator-port']));
let front: Server | undefined;
let stopping = false;
async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  front?.close();
  front?.closeAllConnections();
  const emulator = await starting.catch(() => undefined);
  await emulator?.stop();
  removeStackFiles(folder);
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
// Whoever started an attached stack is gone, perhaps killed: nothing may stay behind.
if (values.attached) process.on('disconnect', () => void stop(0));

const emulator = await starting;
const clients = laptopClients(emulator.endpointUrl);
const listing = listingClient(emulator.endpointUrl);
const metrics = metricSource(clients.cloudWatch);
const lambda = new LambdaClient(laptopClientConfig(emulator.endpointUrl));
void emulator.died.then((exitCode) => {
  if (!stopping)
    console.error(`The emulator ended by itself (code ${exitCode}); its log is in ${folder.logs}.`);
  void stop(1);
});

async function collect(): Promise<void> {
  const stack = readStackFile(folder);
  if (stack) await collectInbox(clients, folder, stack.inboxQueues);
}

front = await startFront(frontPort, {
  issuer: issuerUrl(frontPort),
  publicJwk: (await issuerKeys(folder)).publicJwk,
  invokeUrl: () => readStackFile(folder)?.invokeUrl,
  inbox: async () => {
    await collect();
    return readInbox(folder);
  },
  console: {
    dashboards: () => dashboardNames(listing),
    dashboard: (name, minutes) =>
      showDashboard(clients.cloudWatch, metrics, {
        name,
        minutes,
        nowMs: Date.now(),
        leftOut: readLeftOutAlarms(leftOutFile(folder)),
        composites: readComposites(leftOutFile(folder)),
      }),
    widget: (call) => callCustomWidget({ cloudWatch: clients.cloudWatch, lambda }, call),
  },
});

async function watch(): Promise<void> {
  let bridge = metricsBridge(clients);
  for (; !stopping; await sleep(BRIDGE_EVERY_MS)) {
    if (!readStackFile(folder)) {
      // Nothing is deployed, or it is being reset: what the bridge remembers of log groups is worth nothing any more.
      bridge = metricsBridge(clients);
      continue;
    }
    await Promise.all([bridge.step(), collect()]).catch((error: unknown) => {
      if (!stopping) console.error('Bridge:', error);
    });
  }
}

if (!stopping) {
  writeProcessFile(folder, {
    supervisor: process.pid,
    ...(emulator.pid === undefined ? {} : { emulator: emulator.pid }),
    awsEndpointUrl: emulator.endpointUrl,
    frontPort,
  });
  void watch();
  // The starter may be gone already; that is no failure of a detached stack.
  process.send?.('ready', () => undefined);
}
