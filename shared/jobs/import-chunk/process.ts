import { CHUNK_KIND, type ImportLine, importLineId } from '../intake/import-order.ts';
import { tallyOf, tallyText } from '../intake/import-tally.ts';
import { LINES_PER_CHUNK, linesOf, planChunks } from '../intake/plan-chunks.ts';
import type { ChildJob, Done, ImportLineBody, JobView, RecordKey, World } from '../ports.ts';
import { judgeLines } from './judge-lines.ts';
import { reportOf } from './line-report.ts';
import type { ImportChunk } from './schema.ts';

const MEDICATIONS_AT_ONCE = 19;

/**
 * Judges its lines by the validators and rules of their own endpoints, writes what they tell of medications, and makes
 * their reminder jobs in the transaction of its own end. A line that became a job before, in this import or another,
 * is left alone. More lines than fit into a transaction are split into chunks that it waits for.
 */
export async function process(job: JobView<ImportChunk>, world: World): Promise<Done> {
  const { lines } = job.payload;
  if (lines.length > LINES_PER_CHUNK) {
    if (job.round === 0) return { end: 'waiting', children: partsOf(job.payload) };
    const tally = tallyOf(job.children);
    return { end: 'succeeded', result: { ...tally }, summary: tallyText(tally) };
  }
  const bodies = await readLines(job.payload, world);
  const judged = await judgeLines(world, job.payload, bodies);
  const changes = judged.flatMap(({ medication }) => medication ?? []);
  // A line's medication is up to five items of a transaction's hundred: record, schedule, user row, dispensing and evidence.
  // What an attempt that ends in between has written is found as it is to be by the next.
  for (let from = 0; from < changes.length; from += MEDICATIONS_AT_ONCE) {
    const some = changes.slice(from, from + MEDICATIONS_AT_ONCE);
    await world.recordIntent(
      some.flatMap(({ writes }) => writes),
      some.map(({ evidence }) => evidence),
    );
  }
  const report = reportOf(judged);
  return {
    end: 'succeeded',
    result: { ...report.tally, lines: report.lines },
    summary: tallyText(report.tally),
    children: judged.flatMap(({ child }): ChildJob[] => (child ? [child] : [])),
  };
}

const partsOf = (payload: ImportChunk): readonly ChildJob[] =>
  planChunks(payload.lines.length).map((range) => ({
    key: `lines#${range.start}`,
    kind: CHUNK_KIND,
    payload: { ...payload, lines: linesOf(payload.lines, range) },
    priority: 'LOW',
  }));

/** What the lines say, in their order; `undefined` where nothing stands any more, or nobody can read it. */
async function readLines(payload: ImportChunk, world: World): Promise<(ImportLineBody | undefined)[]> {
  const keys = payload.lines.map((line) => keyOf(payload, line));
  const wanted = keys.flatMap((key) => key ?? []);
  if (wanted.length === 0) return keys.map(() => undefined);
  const found = await world.records
    .readMany(wanted)
    .catch((error: unknown) => oneByOne(world, wanted, error));
  const bodies = new Map(wanted.map((key, index) => [key, found[index]?.body]));
  return keys.map((key) => key && bodies.get(key));
}

function keyOf(payload: ImportChunk, { line, owner, superseded_by, fault }: ImportLine) {
  if (owner === undefined || superseded_by !== undefined || fault) return undefined;
  return { type: 'import-line', owner, id: importLineId(payload.import_id, line) } as const;
}

/** A user who was erased meanwhile has no secret any more: that must not hold up the others of the chunk. */
async function oneByOne(world: World, keys: readonly RecordKey<'import-line'>[], cause: unknown) {
  if (!isErased(cause)) throw cause;
  const found = keys.map((key) =>
    world.records.readMany([key]).catch((error: unknown) => {
      if (!isErased(error)) throw error;
      return [undefined];
    }),
  );
  return (await Promise.all(found)).map(([record]) => record);
}

/** By name and code, as the store's cipher says it: what a secret sealed is gone with it. */
const isErased = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'FieldCipherError' &&
  'code' in error &&
  error.code === 'secret_missing';
