import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Everything that one laptop stack keeps on disk, all of it below one ignored folder. */
export interface StackFolder {
  readonly root: string;
  /** What a person or a test needs to know of the running stack; it stands only while one is deployed. */
  readonly stackFile: string;
  /** Process ids and ports; it stands while the supervisor runs. */
  readonly processFile: string;
  readonly hooks: string;
  readonly issuer: string;
  readonly logs: string;
  readonly assembly: string;
  /** Temporary files of the emulator and its functions: emptied when it stops. */
  readonly temporary: string;
  readonly state: string;
}

export const stackFolder = (root: string): StackFolder => ({
  root,
  stackFile: join(root, 'stack.json'),
  processFile: join(root, 'processes.json'),
  hooks: join(root, 'hooks'),
  issuer: join(root, 'issuer'),
  logs: join(root, 'logs'),
  assembly: join(root, 'cdk.out'),
  temporary: join(root, 'tmp'),
  state: join(root, 'state'),
});

/** Where a checkout of the project keeps the stack that its developer runs. */
const IN_PROJECT = '.local';

/** The folder that a person names: the one in which a stack keeps its files, or the checkout whose stack it is. */
export function givenStackFolder(path: string): StackFolder {
  const own = stackFolder(resolve(path));
  const inProject = stackFolder(join(own.root, IN_PROJECT));
  const isProject = !existsSync(own.stackFile) && existsSync(inProject.root);
  return isProject ? inProject : own;
}

/** What the deployment left out, and why. */
export const leftOutFile = ({ logs }: StackFolder): string => join(logs, 'left-out.json');

/** The developer's own stack, used by `npm start` and `npm run local`. */
export const DEVELOPER_FOLDER = stackFolder(join(PROJECT_ROOT, IN_PROJECT));

/** Folders of the tests' stacks: one per test run, so that no run touches another's or the developer's. */
export const TEST_FOLDERS = join(PROJECT_ROOT, IN_PROJECT, 'test');
