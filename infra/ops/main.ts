import { Command } from 'commander';
import { DEVELOPER_FOLDER } from '#infra/local/stack-folder.ts';
import { addBreakGlassCommands } from './break-glass-commands.ts';
import { addBulkCommands } from './bulk-commands.ts';
import { addJobCommands } from './job-commands.ts';
import { apiOf, type PlaceWishes } from './place.ts';
import { addPriorityCommands } from './priority-commands.ts';

const HELP = `
Without --stage, --api-url or OPS_API_URL it is the running laptop stack, which needs no token. Otherwise:
  OPS_TOKEN     a token with the role operator or admin, for break-glass auditor or admin; or --token-file
  OPS_API_URL   address of the API, if neither --stage nor --api-url names one
A token is never taken as an argument, where others could read it, and never shown.

Exit codes: 0 done; 1 refused, wrongly called or not reached; 2 "late": something is late, or cannot be read; 3 a bulk action was aborted or some of
its jobs could not be changed.`;

const program = new Command('ops')
  .description('What operators do: with jobs of the laptop stack, or of a stage.')
  .option('--stage <stage>', 'the stage in AWS (needs AWS credentials to look its address up)')
  .option('--api-url <url>', 'the address of an API')
  .option('--token-file <file>', 'where the token is, if not in OPS_TOKEN')
  .addHelpText('after', HELP);

const jobs = program.command('jobs').description('find, look at, retry, cancel, pause');
const place = () => apiOf(program.opts<PlaceWishes>(), process.env, DEVELOPER_FOLDER);
addJobCommands(jobs, place);
addBulkCommands(jobs, place);
addPriorityCommands(jobs, place);
const breakGlass = program.command('break-glass').description('look at, judge and end emergency access');
addBreakGlassCommands(breakGlass, () =>
  apiOf(program.opts<PlaceWishes>(), process.env, DEVELOPER_FOLDER, 'admin'),
);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
