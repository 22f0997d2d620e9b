import { RetryableError } from '../errors/attempt-error.ts';
import { importLineId } from '../jobs/intake/import-order.ts';
import type { RecordWrite } from '../jobs/ports.ts';
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
 */
export async function storeImportLines(
  deps: Pick<Engine, 'schedules'>,
  importId: string,
  sorted: readonly SortedLine[],
  acceptedAt: Instant,
): Promise<void> {
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
  const writer = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift())
      if ((await deps.schedules.commit(batch, [])) !== 'committed')
        throw new RetryableError('conflict', 'Other writers kept the lines of an import from being stored.');
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}
