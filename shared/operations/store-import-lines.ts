import { RetryableError } from '../errors/attempt-error.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { importLineId } from '../jobs/intake/import-order.ts';
import type { RecordWrite, Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import type { SortedLine } from './sort-lines.ts';

/** One transaction holds 100 items. */
const LINES_PER_WRITE = 100;
/** Transactions under way at a time. */
const WRITERS = 4;

/**
 * Keeps what the lines say, each sealed with the secret of its own user, under a name that follows from the import: a
 * repeated request writes the same once more. What nobody will carry out is not kept.
 * @returns those of the users who are erased, or whose erasure has begun: nothing of theirs was kept
 */
export async function storeImportLines(
  deps: Pick<Engine, 'schedules'>,
  importId: string,
  sorted: readonly SortedLine[],
  acceptedAt: Instant,
): Promise<ReadonlySet<Ref>> {
  const writes = sorted.flatMap(({ line, content }): RecordWrite[] => {
    if (!content || line.owner === undefined || line.superseded_by !== undefined) return [];
    return [
      {
        type: 'import-line',
        owner: line.owner,
        id: importLineId(importId, line.line),
        expect: 'any',
        state: { acceptedAt },
        body: content.body,
      },
    ];
  });
  const batches = Array.from({ length: Math.ceil(writes.length / LINES_PER_WRITE) }, (_, index) =>
    writes.slice(index * LINES_PER_WRITE, (index + 1) * LINES_PER_WRITE),
  );
  const erased = new Set<Ref>();
  const writer = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift())
      for (const owner of await erasedAmong(deps, batch)) erased.add(owner);
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return erased;
}

/** Writes a batch, and where an erased user stands in its way, what is of the others: each user alone. */
async function erasedAmong(
  deps: Pick<Engine, 'schedules'>,
  batch: readonly RecordWrite[],
): Promise<readonly Ref[]> {
  if (await isKept(deps, batch)) return [];
  const owners = [...new Set(batch.map(({ owner }) => owner))];
  const erased: Ref[] = [];
  for (const owner of owners) {
    const own = batch.filter((write) => write.owner === owner);
    if (owners.length === 1 || !(await isKept(deps, own))) erased.push(owner);
  }
  return erased;
}

/** False when nothing was written because a user among them is erased. */
async function isKept({ schedules }: Pick<Engine, 'schedules'>, batch: readonly RecordWrite[]) {
  try {
    if ((await schedules.commit(batch, [])) === 'committed') return true;
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'user_erased') return false;
    throw error;
  }
  throw new RetryableError('conflict', 'Other writers kept the lines of an import from being stored.');
}
