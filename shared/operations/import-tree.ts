import { payloadOf } from '../jobs/define-job-kind.ts';
import type { Import } from '../jobs/import/schema.ts';
import { addTallies, type ImportTally, readTally } from '../jobs/intake/import-tally.ts';
import { type ChunkRange, planLeaves } from '../jobs/intake/plan-chunks.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { isTerminal } from '../lifecycle/transitions.ts';
import type { Engine } from './engine.ts';
import { openPayload } from './payload-envelope.ts';

type TreeDeps = Pick<Engine, 'store'>;

/** A chunk of lines and the job that judges them, once there is one. */
export interface ImportLeaf extends ChunkRange {
  readonly row?: JobRow;
  /** Nobody will judge these lines any more. */
  readonly lost: boolean;
}

export interface ImportTree {
  readonly format: string;
  readonly total: number;
  /** Number of each line in the body. */
  readonly lineNumbers: readonly number[];
  readonly leaves: readonly ImportLeaf[];
  readonly progress: JsonObject;
}

/** An import with the jobs of its chunks, which are found by the plan that split it. Reads rows, not results. */
export async function readImportTree(deps: TreeDeps, row: JobRow): Promise<ImportTree> {
  const { body } = openPayload(await deps.store.payload(row));
  const { lines, format } = payloadOf<Import>(body);
  const leaves = await leavesOf(deps, row, lines.length);
  const done = leaves.flatMap((leaf) => (leaf.row?.status === 'succeeded' ? [leaf.row] : []));
  const summaries = await deps.store.summaries(done);
  const tally = addTallies(done.flatMap(({ jobId }) => readTally(summaries.get(jobId) ?? '') ?? []));
  return {
    format,
    total: lines.length,
    lineNumbers: lines.map(({ line }) => line),
    leaves,
    progress: progressOf(lines.length, leaves, tally),
  };
}

function progressOf(total: number, leaves: readonly ImportLeaf[], tally: ImportTally): JsonObject {
  const lost = leaves.filter((leaf) => leaf.lost).reduce((sum, { start, end }) => sum + end - start, 0);
  const done = tally.accepted + tally.superseded;
  const failed = tally.rejected + lost;
  return { total, done, failed, pending: total - done - failed, ...tally };
}

/** Level by level: the children of a job stand in its row, in the order of the plan. */
async function leavesOf({ store }: TreeDeps, root: JobRow, total: number): Promise<ImportLeaf[]> {
  const plan = total > 0 ? planLeaves(total) : [];
  const tops = root.children ?? [];
  const rows = new Map<string, JobRow>();
  const load = async (ids: readonly string[]): Promise<void> => {
    for (const row of ids.length > 0 ? await store.readMany(ids) : []) if (row) rows.set(row.jobId, row);
  };
  await load(tops);
  await load(
    plan.some(({ path }) => path.length > 1) ? tops.flatMap((id) => rows.get(id)?.children ?? []) : [],
  );
  return plan.map(({ start, end, path }) => {
    const [top = 0, below] = path;
    const part = rows.get(tops[top] ?? '');
    const row = below === undefined ? part : rows.get(part?.children?.[below] ?? '');
    const ended = [root, part, row].some(
      (one) => one && isTerminal(one.status) && one.status !== 'succeeded',
    );
    const lost = row ? isTerminal(row.status) && row.status !== 'succeeded' : ended;
    return { start, end, lost, ...(row && { row }) };
  });
}
