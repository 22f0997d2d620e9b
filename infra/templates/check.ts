import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCEPTED_FINDINGS } from './accepted-findings.ts';
import { judgeFindings, readCfnLint, readCheckov } from './judge-findings.ts';

/** `npm run templates`: cfn-lint and checkov judge what `npm run synth` has made, without a call to anybody. */
const root = join(import.meta.dirname, '..', '..');
const requirements = join(import.meta.dirname, 'requirements.txt');
const environment = join(root, '.local', 'template-checks');

const templates = ['dev', 'prod'].flatMap((stage) =>
  ['data', 'service', 'watch'].map((stack) => join(root, 'cdk.out', stage, `${stack}.template.json`)),
);
if (!templates.every((file) => existsSync(file)))
  stop('There are no templates yet: run "npm run synth" first.');
prepare();

const faults = [
  ...judgeFindings(
    'cfn-lint',
    readCfnLint(report('cfn-lint', '--format', 'json', ...templates)),
    ACCEPTED_FINDINGS['cfn-lint'],
  ),
  ...judgeFindings(
    'checkov',
    readCheckov(
      report(
        'checkov',
        ...['--framework', 'cloudformation', '--output', 'json'],
        ...['--skip-download', '--skip-results-upload', '--compact', '--quiet', '--file', ...templates],
      ),
    ),
    ACCEPTED_FINDINGS.checkov,
  ),
];
if (faults.length > 0) stop(faults.join('\n'));
console.log(
  `cfn-lint and checkov: ${templates.length} templates, nothing that is not accepted with a reason.`,
);

/** A Python environment of its own, made once and again when the pins change. */
function prepare(): void {
  const stamp = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const stampFile = join(environment, 'ready');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const newEnough = 'import sys; sys.exit(sys.version_info < (3, 10))';
  const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', newEnough]).status === 0);
  if (!python) stop('cfn-lint and checkov need Python 3.10 or newer, and none was found: please install it.');
  console.error('Preparing cfn-lint and checkov (a Python environment under .local) …');
  rmSync(environment, { recursive: true, force: true });
  run(python, ['-m', 'venv', environment]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement'];
  run(join(environment, 'bin', 'python'), [...install, requirements]);
  writeFileSync(stampFile, stamp);
}

function run(command: string, parameters: readonly string[]): void {
  const { status } = spawnSync(command, parameters, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) stop(`"${command} ${parameters.join(' ')}" failed; its own words stand above.`);
}

/** What a tool reports: it ends with a status other than 0 when it has found anything. */
function report(tool: string, ...parameters: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(join(environment, 'bin', tool), parameters, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
  });
  if (error || stdout === '') stop(`${tool} said nothing: ${error?.message ?? stderr}`);
  return stdout;
}

function stop(text: string): never {
  console.error(text);
  process.exit(1);
}
