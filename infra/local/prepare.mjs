// Gets a fresh checkout ready: the packages, Node 24, and the laptop's AWS. Plain JavaScript without dependencies,
// because it runs before anything is installed, on whatever Node from 20 on the machine has.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from './prepare-lock.mjs';
import { packagesToInstall, pinnedVersion, pythonIsNewEnough } from './prepare-rules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const requirements = join(root, 'infra', 'local', 'emulator', 'requirements.txt');
const environment = join(root, '.local', 'emulator', 'python');
/** Written last: without it the environment was not made to its end. */
const stampFile = join(environment, 'ready');
const chosenPython = join(root, '.local', 'emulator', 'python-command');

/** @param {boolean} [onlyPackages] whoever works on a stage in AWS needs nothing else */
export function prepare(onlyPackages = false) {
  if (missingPackages().length > 0 || !(onlyPackages || isEmulatorReady())) {
    try {
      takeLock(join(root, '.local', 'prepare.lock'), say);
    } catch (error) {
      stop(error.message);
    }
  }
  // What another command has done meanwhile is not done again.
  installPackages();
  requireNode24();
  if (!onlyPackages) prepareEmulator();
}

function missingPackages() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  const lock = readJson(join(root, 'package-lock.json'));
  const installed = existsSync(installedFile) ? readJson(installedFile) : undefined;
  return packagesToInstall(lock, installed);
}

function installPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  say(`Installing ${missing.length} packages (npm ci) …`);
  // npm with the Node that it was started with: the one in node_modules is about to be replaced.
  const { npm_node_execpath: node, npm_execpath: npm } = process.env;
  const [command, ...first] = node && npm ? [node, npm] : ['npm'];
  run(
    command,
    [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'npm ci failed; its own words stand above.',
  );
}

function requireNode24() {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const version = output('node', ['--version'], { ...process.env, PATH: path }) ?? 'none';
  if (Number(version.slice(1).split('.')[0]) >= 24) return;
  stop(
    `Node 24 or newer is needed, and ${version} was found. It comes with the packages on Linux only: ` +
      'please install it (on macOS for instance with "brew install node@24") and start again.',
  );
}

function isEmulatorReady() {
  // Whoever names an endpoint brings the AWS along.
  if (process.env.AWS_ENDPOINT_URL) return true;
  return (
    existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stampOf(readFileSync(requirements, 'utf8'))
  );
}

const stampOf = (pins) => createHash('sha256').update(pins).digest('hex');

function prepareEmulator() {
  if (isEmulatorReady()) return;
  const pins = readFileSync(requirements, 'utf8');
  const pythons = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
  const python = pythons.find((name) => pythonIsNewEnough(output(name, ['--version'])));
  if (!python) {
    stop(
      'Python 3.10 or newer is needed for the laptop stack, and none was found. Please install it, ' +
        'or set AWS_ENDPOINT_URL to something that speaks AWS.',
    );
  }
  mkdirSync(dirname(chosenPython), { recursive: true });
  const asked = ['-c', 'from importlib.metadata import version; print(version("ministack"))'];
  if (output(python, asked) === pinnedVersion(pins, 'ministack')) {
    writeFileSync(chosenPython, python);
    return;
  }
  say('Preparing the laptop’s AWS (a Python environment under .local) …');
  rmSync(environment, { recursive: true, force: true });
  run(
    python,
    ['-m', 'venv', environment],
    `"${python} -m venv" failed. On Debian and Ubuntu the package python3-venv has to be installed for it.`,
  );
  const inside = join(environment, 'bin', 'python');
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--requirement',
    requirements,
  ];
  run(inside, install, 'pip could not install the packages of the laptop’s AWS; its own words stand above.');
  writeFileSync(chosenPython, inside);
  writeFileSync(stampFile, stampOf(pins));
}

function run(command, parameters, failure) {
  const { status } = spawnSync(command, parameters, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) stop(failure);
}

/** What a command says on one line, `undefined` when there is no such command or it fails. */
function output(command, parameters, env = process.env) {
  const { status, stdout } = spawnSync(command, parameters, { cwd: root, env, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
// Not stdout: "npm run demo -- --json" and "npm run token" keep that for their answer.
const say = (text) => console.error(text);

function stop(text) {
  say(`\n${text}`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare(process.argv[2] === 'packages');
