import { PermanentError, RetryableError } from '../../errors/attempt-error.ts';
import { type JobView, type RecordWriteOf, type StoredRecord, SYSTEM_OWNER, type World } from '../ports.ts';

/** The record that the one running backup holds. */
const LOCK = { type: 'backup', owner: SYSTEM_OWNER, id: 'lock' } as const;

type Holder = Pick<JobView<unknown>, 'jobId'>;

/**
 * Takes the lock, or holds on to it. It is held as long as its holder's job still acts: one that has failed, was cancelled or
 * is no more leaves it to the next, whether it has given it back or not.
 * @returns its version after that, by which it is given back
 * @throws RetryableError `backup_running` while another backup holds it
 */
export async function takeLock(job: Holder, world: World): Promise<number> {
  const held = await readLock(world);
  if (held && !isMine(held, job) && (await isTaken(held, world))) throw isRunning();
  try {
    return await write(job, world, held);
  } catch (error) {
    // Of those that found it free at the same time one has it now.
    if (error instanceof RetryableError && error.reason === 'conflict') throw isRunning();
    throw error;
  }
}

const isRunning = () => new RetryableError('backup_running', 'Another backup is under way.');

/**
 * Makes sure that the lock is still held, so that two backups never end at once.
 * @returns its version after that
 * @throws PermanentError `backup_superseded` when another backup has taken it, since this one had ended
 */
export async function keepLock(job: Holder, world: World): Promise<number> {
  const held = await readLock(world);
  if (!held || !isMine(held, job))
    throw new PermanentError('backup_superseded', 'Another backup has begun since.');
  return write(job, world, held);
}

/** Written with the end of the backup, or not at all. */
export const givenBack = (version: number): RecordWriteOf<'backup'> => ({
  ...LOCK,
  expect: version,
  state: { status: 'free' },
  body: {},
});

async function write(job: Holder, world: World, held: StoredRecord<'backup'> | undefined): Promise<number> {
  const body = { job_id: job.jobId, since: world.now() };
  await world.recordIntent([
    { ...LOCK, expect: held?.version ?? 'absent', state: { status: 'running' }, body },
  ]);
  return (held?.version ?? 0) + 1;
}

async function readLock(world: World): Promise<StoredRecord<'backup'> | undefined> {
  const [held] = await world.records.readMany([LOCK]);
  return held;
}

const isMine = ({ state, body }: StoredRecord<'backup'>, { jobId }: Holder): boolean =>
  state.status === 'running' && body['job_id'] === jobId;

const isTaken = async ({ state, body }: StoredRecord<'backup'>, world: World): Promise<boolean> =>
  state.status === 'running' && (await world.stillActs(String(body['job_id'])));
