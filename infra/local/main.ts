import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { RecurringEvent } from '#shared/contract/functions.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { instantOf } from '#shared/lifecycle/instant.ts';
import { secondsText } from './demo/seconds-text.ts';
import { droppedSummary } from './deploy/dropped-summary.ts';
import { dumpStack } from './dump/dump-stack.ts';
import { isHealthy } from './emulator/start-emulator.ts';
import { durationMs, offsetForInstant } from './hooks/clock-offset.ts';
import { FAULT_MODES, type FaultMode, isFaultMode } from './hooks/hook-files.ts';
import { clockOffset, placeFaults } from './hooks/laptop-hooks.ts';
import { moveClock } from './hooks/move-clock.ts';
import { invokeFunction } from './invoke-function.ts';
import { readStackFile, runningStack } from './stack-file.ts';
import { DEVELOPER_FOLDER as folder } from './stack-folder.ts';
import { bringUp, DEVELOPER_PORTS, resetStack } from './stack-lifecycle.ts';
import { runningSupervisor, stopSupervisor } from './supervision.ts';

const program = new Command('local').description('The laptop stack: the real CDK app on an AWS of your own.');
const began = Date.now();
const report = (step: string): void => console.error(`${secondsText(Date.now() - began)}  ${step}`);

program
  .command('up')
  .description('build, start and deploy; a running stack is updated and keeps its contents')
  .action(async () => {
    const { stack, deployment, updated } = await bringUp(
      folder,
      { attached: false, ...DEVELOPER_PORTS },
      report,
    );
    for (const line of droppedSummary(deployment.dropped)) console.error(`         left out: ${line}`);
    report(updated ? 'Updated' : 'Up');
    console.log(
      `API    ${stack.apiUrl}\nInbox  ${stack.frontUrl}/inbox\nConsole ${stack.frontUrl}/console\nAWS    ${stack.awsEndpointUrl}\nFiles  ${folder.stackFile}`,
    );
  });

program
  .command('down')
  .description('stop everything; nothing is kept')
  .action(async () => {
    console.log((await stopSupervisor(folder)) ? 'Stopped.' : 'No laptop stack was running.');
  });

program
  .command('reset')
  .description('empty all stores and queues, forget clock and faults, deploy again')
  .action(async () => {
    await resetStack(folder, report);
    report('Empty and deployed');
  });

program
  .command('status')
  .description('what runs; exit code 1 when nothing does')
  .action(async () => {
    const running = await runningSupervisor(folder);
    const stack = readStackFile(folder);
    if (!running || !stack) {
      console.log(running ? 'Starting, or not deployed.' : 'No laptop stack is running.');
      process.exitCode = 1;
      return;
    }
    const aws = (await isHealthy(running.awsEndpointUrl)) ? 'answers' : 'does not answer';
    console.log(
      [
        `API      ${stack.apiUrl}`,
        `AWS      ${running.awsEndpointUrl} ${aws}`,
        `Clock    ${clockOffset(folder.hooks) / 1000} s from this machine's`,
        `Process  ${running.supervisor}`,
        `Logs     ${folder.logs}`,
      ].join('\n'),
    );
  });

const clock = program.command('clock').description('the clock that the functions read');
const moveTo = async (offsetMs: number): Promise<void> =>
  console.log(await moveClock(runningStack(folder), offsetMs));
clock
  .command('set <instant>')
  .description('for instance 2026-11-23T20:55:00Z')
  .action((instant: string) => moveTo(offsetForInstant(instant, Date.now())));
clock
  .command('advance <duration>')
  .description('for instance PT90S or P1D; backwards with a minus in front: -PT5M')
  // A duration that begins with a minus is none of the options.
  .allowUnknownOption()
  .action((duration: string) => moveTo(clockOffset(folder.hooks) + durationMs(duration)));
clock
  .command('reset')
  .description('back to the time of this machine')
  .action(() => moveTo(0));

program
  .command('fault <kind>')
  .description('let the next attempts of a kind fail')
  .requiredOption('--mode <mode>', FAULT_MODES.join(' | '), parseMode)
  .option('--times <n>', 'how many attempts', parseTimes, 1)
  .action((kind: string, { mode, times }: { mode: FaultMode; times: number }) => {
    const kinds = kindsByName();
    if (!kinds.has(kind))
      program.error(`There is no kind "${kind}". Kinds: ${[...kinds.keys()].join(', ')}.`);
    placeFaults(runningStack(folder).hooksDir, kind, mode, times);
    console.log(`The next ${times} attempt(s) of ${kind} will end with: ${mode}.`);
  });

program
  .command('tick')
  .description('run the minute tick and the reconciler now instead of waiting for the next minute')
  .action(async () => {
    const stack = runningStack(folder);
    for (const name of ['tick', 'reconciler']) {
      await invokeFunction(stack, name);
      console.log(`${name} ran.`);
    }
  });

program
  .command('drill')
  .description('drill a restore of the newest backup now instead of on the first of the month')
  .action(async () => {
    const stack = runningStack(folder);
    const time = instantOf(Date.now() + clockOffset(folder.hooks));
    await invokeFunction(stack, 'recurring', { run: 'restore-drill', time } satisfies RecurringEvent);
    console.log('A drill was ordered: npm run ops -- jobs list --kind restore-drill');
  });

program
  .command('dump')
  .description('everything that the stack holds, as files of one JSON document a line, with a manifest')
  .option('--out <folder>', 'where to', join(folder.root, 'dump'))
  .action(async ({ out }: { out: string }) => {
    const { files } = await dumpStack(runningStack(folder), folder, out);
    for (const [file, count] of Object.entries(files)) console.log(`${String(count).padStart(6)}  ${file}`);
    console.log(`Written to ${out}`);
  });

function parseMode(text: string): FaultMode {
  if (!isFaultMode(text)) throw new InvalidArgumentError(`One of ${FAULT_MODES.join(', ')}.`);
  return text;
}

function parseTimes(text: string): number {
  const times = Number(text);
  if (!Number.isInteger(times) || times < 1) throw new InvalidArgumentError('A whole number of at least 1.');
  return times;
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
