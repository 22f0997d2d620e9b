import { drillReport, keepDrillReport } from '../archive/drill-report.ts';
import { DRILL_KIND, type DrillRun, drillVerdict, newDrill, startedOver } from '../archive/drill-run.ts';
import { lastEnded } from '../archive/last-ended.ts';
import { type Done, type JobView, type RecordWriteOf, SYSTEM_OWNER, type World } from '../ports.ts';
import { keptTables, TABLES_LEFT, takeTables } from './drill-lock.ts';
import type { RestoreDrillPayload } from './schema.ts';

/**
 * One step of a drill, done by a function that can write into the tables of drills and nowhere else. A job is one step,
 * and orders the next: a drill may take longer than any function may run. The last one tells what the drill has shown.
 */
export async function process(job: JobView<RestoreDrillPayload>, world: World): Promise<Done> {
  const { month } = job.payload;
  // A drill that goes on has the tables.
  if (isNew(job) && !(await takeTables(job, world))) return { end: 'superseded', reason: 'drill_running' };
  const run = await world.drill.step(await runOf(job, world));
  if (run.phase !== 'done')
    return {
      end: 'succeeded',
      result: { phase: run.phase, tables: run.tables, faults: run.faults },
      summary: `${month}: ${run.phase}, ${replayed(run)} items and changes replayed`,
      writes: [keptTables(job, world)],
      children: [{ key: 'next', kind: DRILL_KIND, payload: { month, run }, priority: 'LOW' }],
    };
  const { passed, rtoSeconds, rpoSeconds } = drillVerdict(run);
  await keepDrillReport(world.archive, drillReport(job.jobId, month, run));
  return {
    end: 'succeeded',
    result: {
      passed,
      backup_id: run.backup_id ?? null,
      restore_rto_seconds: rtoSeconds ?? null,
      restore_rpo_seconds: rpoSeconds ?? null,
      started_at: run.started_at,
      compared_at: run.compared_at ?? null,
      tables: run.tables,
      results_read: run.results_read ?? 0,
      faults: run.faults,
    },
    summary: `${month}: ${passed ? 'passed' : 'FAILED'}, ${replayed(run)} items and changes replayed in ${rtoSeconds ?? '-'} s`,
    writes: [TABLES_LEFT, ...(passed ? [lastPassed(run.compared_at ?? run.started_at)] : [])],
    counts: {
      restore_drills_passed: passed ? 1 : 0,
      // Of a restore that is not what the backup says neither tells anything.
      ...(passed && rtoSeconds !== undefined && { restore_rto_seconds: rtoSeconds }),
      ...(passed && rpoSeconds !== undefined && { restore_rpo_seconds: rpoSeconds }),
    },
  };
}

/** A job that a person retries begins a drill of its own. */
const isNew = ({ payload, generation }: JobView<RestoreDrillPayload>): boolean =>
  !payload.run || generation > 1;

async function runOf(job: JobView<RestoreDrillPayload>, world: World): Promise<DrillRun> {
  const { run } = job.payload;
  if (isNew(job) || !run) return newDrill(world.now(), await lastEnded(world));
  return job.attempt > 1 ? startedOver(run) : run;
}

const replayed = ({ tables }: DrillRun): number => tables.reduce((sum, table) => sum + table.replayed, 0);

/** From which is told how long ago a restore was last shown to work. */
const lastPassed = (until: string): RecordWriteOf<'backup'> => ({
  type: 'backup',
  owner: SYSTEM_OWNER,
  id: 'drill',
  expect: 'any',
  state: { status: 'completed', until },
  body: {},
});
