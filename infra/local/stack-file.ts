import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TableName } from '#shared/contract/tables.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';
import type { InboxQueues } from './front/inbox.ts';
import type { StackFolder } from './stack-folder.ts';

export interface QueueAddress {
  readonly name: string;
  readonly url: string;
  readonly deadLetterName: string;
  readonly deadLetterUrl: string;
}

/** What stands in `stack.json`: everything that a person, a test or a script needs to reach the running stack. */
export interface StackFile {
  /** Base of every route, through the front. */
  readonly apiUrl: string;
  readonly frontUrl: string;
  readonly awsEndpointUrl: string;
  readonly region: string;
  /** Where the front sends requests: the REST API's own invoke address. */
  readonly invokeUrl: string;
  readonly tables: Readonly<Record<TableName, string>>;
  readonly queues: Readonly<Record<Priority | 'tick', QueueAddress>>;
  readonly buckets: Readonly<Record<'backup' | 'results' | 'reference' | 'audit', string>>;
  /** Of the key that signs seals. */
  readonly sealKeyArn: string;
  /** Of the key that signs backups. */
  readonly backupKeyArn: string;
  /** Of the key that wraps the keys of fields. */
  readonly fieldKeyArn: string;
  readonly topic: { readonly name: string; readonly arn: string };
  /** URLs of the queues by which the laptop itself subscribes to topic and bus. */
  readonly inboxQueues: InboxQueues;
  readonly bus: string;
  /** Names by function, `<function>` or `<function>/<kind or priority>`. */
  readonly functions: Readonly<Record<string, string>>;
  /** Names by logical id, as CloudFormation has them. */
  readonly resources: Readonly<Record<string, string>>;
  readonly issuer: string;
  readonly hooksDir: string;
  readonly logs: string;
  readonly pids: { readonly supervisor: number; readonly emulator?: number };
}

/** What stands in `processes.json` while a supervisor runs. */
export interface ProcessFile {
  readonly supervisor: number;
  readonly emulator?: number;
  readonly awsEndpointUrl: string;
  readonly frontPort: number;
}

export const readStackFile = (folder: StackFolder): StackFile | undefined => read(folder.stackFile);
export const readProcessFile = (folder: StackFolder): ProcessFile | undefined => read(folder.processFile);

export const writeStackFile = (folder: StackFolder, content: StackFile): void =>
  write(folder.stackFile, content);
export const writeProcessFile = (folder: StackFolder, content: ProcessFile): void =>
  write(folder.processFile, content);

export const removeStackFile = (folder: StackFolder): void => rmSync(folder.stackFile, { force: true });

export function removeStackFiles(folder: StackFolder): void {
  removeStackFile(folder);
  rmSync(folder.processFile, { force: true });
}

/**
 * The stack that runs now.
 * @throws Error that says how to start one
 */
export function runningStack(folder: StackFolder): StackFile {
  const stack = readStackFile(folder);
  if (!stack || !isAlive(stack.pids.supervisor))
    throw new Error(`No laptop stack is running in ${folder.root}. Start one with "npm run local -- up".`);
  return stack;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function read<T>(file: string): T | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function write(file: string, content: object): void {
  mkdirSync(dirname(file), { recursive: true });
  // Renamed into place, so that nobody reads half a file.
  writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}
