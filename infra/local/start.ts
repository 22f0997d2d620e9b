import { Listr } from 'listr2';
import { withDemoProgress } from './demo/demo-progress.ts';
import { demoStory } from './demo/demo-story.ts';
import { demoTable } from './demo/demo-table.ts';
import { runDemo } from './demo/run-demo.ts';
import { issuerKeys } from './front/issuer.ts';
import type { StackFile } from './stack-file.ts';
import { DEVELOPER_FOLDER as folder } from './stack-folder.ts';
import { bringUp, DEVELOPER_PORTS, type UpResult } from './stack-lifecycle.ts';
import { runningSupervisor, stopSupervisor } from './supervision.ts';

// `npm start`: everything from nothing to six results, then it serves until Ctrl-C.

let stopping = false;
/** Whether this command starts the stack; one that ran before is left running. */
const ours = (await runningSupervisor(folder)) === undefined;

async function stop(code: number): Promise<never> {
  if (!stopping) {
    stopping = true;
    if (ours) {
      console.error('\nStopping …');
      await stopSupervisor(folder);
    }
  }
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

async function up(): Promise<UpResult> {
  let result: UpResult | undefined;
  const tasks = new Listr(
    [
      {
        title: 'Laptop stack',
        task: async (_, line) => {
          result = await bringUp(folder, { attached: true, ...DEVELOPER_PORTS }, (step) => {
            line.title = `${step} …`;
          });
          const { deployment, updated } = result;
          line.title = `Laptop stack ${updated ? 'updated' : 'up'}: ${deployment.resources.size} resources, ${deployment.dropped.length} left out`;
        },
      },
    ],
    { registerSignalListeners: false },
  );
  await tasks.run();
  if (!result) throw new Error('The laptop stack did not come up.');
  return result;
}

const howToGoOn = (stack: StackFile): string => `
The API serves at ${stack.apiUrl}
Published reminders: ${stack.frontUrl}/inbox
Dashboards: ${stack.frontUrl}/console

In another terminal:

  TOKEN=$(npm run --silent token -- --role patient --sub patient-demo)
  curl -i ${stack.apiUrl}/jobs/refill-check \\
    -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
    -d '{"user_id":"patient-demo","medication_id":"med-lisinopril-10mg","current_supply":12}'
  curl ${stack.apiUrl}/jobs -H "Authorization: Bearer $TOKEN"

${ours ? 'Ctrl-C stops everything.' : 'This stack ran before and is left running; "npm run local -- down" stops it.'}`;

try {
  const since = performance.now();
  const { stack } = await up();
  const { privateJwk } = await issuerKeys(folder);
  const { rows, published, incomplete, asExpected } = await withDemoProgress((watch) =>
    runDemo(stack, privateJwk, watch),
  );
  console.log(
    `\n${demoTable(rows)}\n${asExpected ? 'All as expected' : 'NOT as expected'} after ${seconds(since)} s.\n\n${demoStory(rows, published, incomplete)}`,
  );
  console.log(howToGoOn(stack));
  // A timer keeps the command alive until a signal ends it; the stack lives in a process of its own.
  if (ours) setInterval(() => undefined, 60_000);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await stop(1);
}
