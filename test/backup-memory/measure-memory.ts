import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a process of its own told of backing up and replaying a table of that size. */
export interface Measured {
  readonly items: number;
  readonly megabytes: number;
  readonly files: number;
  /** Whether what was replayed is what was backed up. */
  readonly same: boolean;
  /** The most memory that it held until the backup, and until the replay, had ended. */
  readonly backup_mb: number;
  readonly restore_mb: number;
  /** The same of a drill after them, which expects what the restore did. */
  readonly drilled: boolean;
  readonly drill_mb: number;
}

/** Of its own accord Node takes what a large machine has; these are the sizes of a small one. */
const SIZES = ['--max-old-space-size=96', '--max-semi-space-size=4'];

export async function measureMemory(megabytes: number): Promise<Measured> {
  const args = [...SIZES, 'test/backup-memory/run.ts', String(megabytes)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}
