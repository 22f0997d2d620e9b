import { addSeconds } from '../../lifecycle/instant.ts';
import { type JobView, type RecordWriteOf, SYSTEM_OWNER, type World } from '../ports.ts';

const LOCK = { type: 'backup', owner: SYSTEM_OWNER, id: 'drill-lock' } as const;

/** Longer than all attempts of a step take. A drill that nobody hears of for so long has died. */
const HELD_SECONDS = 80 * 60;

type Holder = Pick<JobView<unknown>, 'jobId'>;

/** Takes the tables of drills. @returns false while another drill has them: each would find what the other has written */
export async function takeTables(job: Holder, world: World): Promise<boolean> {
  const [held] = await world.records.readMany([LOCK]);
  const isHeld =
    held?.state.status === 'running' && addSeconds(held.state.until ?? '', HELD_SECONDS) > world.now();
  // An attempt may be repeated.
  if (isHeld) return held.body['job_id'] === job.jobId;
  await world.recordIntent([{ ...heldBy(job, world), expect: held?.version ?? 'absent' }]);
  return true;
}

/** Written with the end of a step. */
export const keptTables = (job: Holder, world: World): RecordWriteOf<'backup'> => ({
  ...heldBy(job, world),
  expect: 'any',
});

/** Written with the end of the drill. */
export const TABLES_LEFT: RecordWriteOf<'backup'> = {
  ...LOCK,
  expect: 'any',
  state: { status: 'free' },
  body: {},
};

const heldBy = ({ jobId }: Holder, world: World) => ({
  ...LOCK,
  state: { status: 'running' as const, until: world.now() },
  body: { job_id: jobId },
});
