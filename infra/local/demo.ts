import { Command } from 'commander';
import type { DemoJob } from './demo/demo-job.ts';
import { demoTable } from './demo/demo-table.ts';
import { runDemo } from './demo/run-demo.ts';
import { issuerKeys } from './front/issuer.ts';
import { runningStack } from './stack-file.ts';
import { DEVELOPER_FOLDER as folder } from './stack-folder.ts';

const program = new Command('demo')
  .description('one job of each kind on the running laptop stack; exit code 0 only when all end as expected')
  .option('--json', 'print an array of {kind, job_id, status, priority, attempts, result}')
  .parse();

try {
  const { privateJwk } = await issuerKeys(folder);
  const { rows, published, asExpected } = await runDemo(runningStack(folder), privateJwk, () => undefined);
  const jobs = rows.map(
    ({ kind, job_id, status, priority, attempts, result }): DemoJob => ({
      kind,
      job_id,
      status,
      priority,
      attempts,
      result,
    }),
  );
  console.log(program.opts<{ json?: boolean }>().json ? JSON.stringify(jobs, undefined, 2) : demoTable(rows));
  console.error(published === undefined ? 'No reminder was published.' : 'One reminder was published.');
  process.exitCode = asExpected ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
