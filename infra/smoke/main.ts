import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { Command } from 'commander';
import { OUTPUTS } from '#infra/outputs.ts';
import { stackNames } from '#infra/stack-names.ts';
import { API_PREFIX } from '#shared/contract/routes.ts';
import { runSmokeAlarm } from './smoke-alarm.ts';
import { smokeApi } from './smoke-api.ts';
import { runPoisonJob, runSmokeJobs, type SmokeResult, tidyUp } from './smoke-jobs.ts';
import { runSmokeListeners } from './smoke-listeners.ts';
import { smokeToken } from './smoke-token.ts';
import { stackOutputs } from './stack-outputs.ts';

const HELP = `
Needs AWS credentials and region of the account that the stage stands in (they may describe stacks and alarms, set
an alarm's state, and read the attributes of the alarm topic), and a token with the role "service":
  SMOKE_TOKEN           the token itself, or
  SMOKE_TOKEN_URL       token endpoint of an issuer named by the context "issuers", with
  SMOKE_CLIENT_ID       and
  SMOKE_CLIENT_SECRET   for the client-credentials grant, and, where the issuer wants it,
  SMOKE_SCOPE

Submits one job of each of the six kinds for a user made up for this run, one poison job, sets one alarm off, and
looks whether anybody is subscribed to the alarms.
Exit code 0 only when everything ended as it should.`;

const program = new Command('smoke')
  .description('Tries a deployed stage from outside.')
  .requiredOption('--stage <stage>', 'which stage')
  .option('--api-url <url>', 'another address of the API, up to but without /api/v1')
  .option('--patience <seconds>', 'longest wait for one job', '300')
  .addHelpText('after', HELP);

async function smoke(options: { stage: string; apiUrl?: string; patience: string }): Promise<boolean> {
  const outputs = await stackOutputs(options.stage);
  const apiUrl = (options.apiUrl ?? outputs.get(OUTPUTS.apiUrl) ?? '').replace(/\/$/, '');
  const call = smokeApi(`${apiUrl}${API_PREFIX}`, await smokeToken(process.env));
  const clock = { now: () => new Date(), sleep: (ms: number) => sleep(ms) };
  const userId = `smoke-${Date.now().toString(36)}`;
  const jobs = { call, clock, userId, patienceSeconds: Number(options.patience) };

  const health = await call('GET', '/health');
  // A deployment to whose topic nobody has subscribed yet is degraded, and works.
  const up = health.status === 200;
  const results: SmokeResult[] = [
    { check: 'health', passed: up, detail: String(health.body['status'] ?? health.status) },
  ];
  results.push(...(await runSmokeJobs(jobs)));
  results.push(await runPoisonJob(jobs));
  const alarmTopicArn = outputs.get(OUTPUTS.alarmTopicArn) ?? '';
  const alarmPrefix = stackNames(options.stage).watch;
  results.push(await runSmokeAlarm({ alarmPrefix, alarmTopicArn }, clock));
  results.push(await runSmokeListeners({ name: options.stage, alarmTopicArn }));
  await tidyUp(call, userId);

  const table = new Table({ head: ['check', '', 'detail'], style: { head: [], border: [] } });
  for (const { check, passed, detail } of results) table.push([check, passed ? 'passed' : 'FAILED', detail]);
  console.log(table.toString());
  return results.every(({ passed }) => passed);
}

program.parse();
try {
  process.exitCode = (await smoke(program.opts())) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
