import type { ChunkRange } from '../jobs/intake/plan-chunks.ts';
import type { Json, JsonObject } from '../jobs/ports.ts';
import type { Engine } from './engine.ts';
import type { ImportLeaf, ImportTree } from './import-tree.ts';

type Store = Pick<Engine['store'], 'result' | 'readMany'>;

/** What became of the lines of `[start, end)`: from the results of their chunks, with the state of their jobs now. */
export async function linesInReport(
  store: Store,
  tree: ImportTree,
  { start, end }: ChunkRange,
): Promise<JsonObject[]> {
  const leaves = tree.leaves.filter((leaf) => leaf.start < end && leaf.end > start);
  const lists = await Promise.all(leaves.map((leaf) => linesOf(store, leaf)));
  const lines = leaves.flatMap((leaf, index) =>
    tree.lineNumbers
      .slice(leaf.start, leaf.end)
      .map((line, at): JsonObject => lists[index]?.[at] ?? withoutReport(leaf, line)),
  );
  const offset = leaves[0]?.start ?? 0;
  return withStatus(store, lines.slice(start - offset, end - offset));
}

async function linesOf(store: Store, { row }: ImportLeaf): Promise<readonly JsonObject[]> {
  const result = row?.status === 'succeeded' ? await store.result(row) : undefined;
  const lines = result?.['lines'];
  return Array.isArray(lines) ? lines.filter(isObject) : [];
}

function withoutReport({ lost, row }: ImportLeaf, line: number): JsonObject {
  if (!lost) return { line, outcome: 'pending' };
  const detail =
    'The job that should have judged this line did not succeed: have the import retried, or send the line in another one.';
  return {
    line,
    outcome: 'failed',
    problems: [{ pointer: '', code: row?.errorCode ?? 'not_judged', detail }],
  };
}

/** A job may be gone after its 90 days; then nothing is said of it. */
async function withStatus(store: Store, lines: readonly JsonObject[]): Promise<JsonObject[]> {
  const ids = lines.flatMap(({ job_id: id }) => (typeof id === 'string' ? [id] : []));
  const rows = ids.length > 0 ? await store.readMany(ids) : [];
  const states = new Map(rows.flatMap((row) => (row ? [[row.jobId, row.status] as const] : [])));
  return lines.map((line) => {
    const status = states.get(String(line['job_id']));
    return status === undefined ? line : { ...line, job_status: status };
  });
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
