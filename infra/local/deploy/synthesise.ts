import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../stack-folder.ts';

export interface SynthesisOptions {
  /** Entry file of the CDK app, relative to the project. */
  readonly app: string;
  readonly assembly: string;
  readonly frontPort: number;
  readonly hooksDirectory: string;
}

/**
 * Runs the real CDK app for the stage `local`, as the CDK command line would, only without its second of start-up.
 * @throws Error with the app's own words when it fails.
 */
export async function synthesise(options: SynthesisOptions): Promise<void> {
  rmSync(options.assembly, { recursive: true, force: true });
  const context = {
    ...cdkJsonContext(),
    stage: 'local',
    // The laptop's deployer says one, so that a reminder without a zone is taken as the specification has it.
    defaultTimeZone: 'America/New_York',
    // The laptop's deployer allows it, so that everything can be tried.
    patientRelease: true,
    frontPort: String(options.frontPort),
    hooksDir: options.hooksDirectory,
    // Assets are read where they lie instead of being copied into the assembly first.
    'aws:cdk:disable-asset-staging': true,
  };
  const child = spawn(process.execPath, [join(PROJECT_ROOT, options.app)], {
    cwd: PROJECT_ROOT,
    env: {
      ...process.env,
      CDK_OUTDIR: options.assembly,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_DEFAULT_ACCOUNT: '000000000000',
      CDK_DEFAULT_REGION: 'us-east-1',
      CDK_VALIDATION: 'false',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      NODE_NO_WARNINGS: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The CDK app (${options.app}) failed:\n${words.trim()}`);
}

function cdkJsonContext(): Record<string, unknown> {
  const { context = {} }: { context?: Record<string, unknown> } = JSON.parse(
    readFileSync(join(PROJECT_ROOT, 'cdk.json'), 'utf8'),
  );
  return context;
}
