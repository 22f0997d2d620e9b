import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Change } from '#shared/jobs/archive/change-line.ts';
import { type KeepDeps, keepChanges } from '#shared/jobs/archive/keep-changes.ts';
import { keepResults } from '#shared/jobs/archive/keep-results.ts';
import type { ArchiveReader } from '#shared/jobs/ports.ts';
import type { Log } from '#shared/operations/ports.ts';

export interface ChangeLogDeps extends KeepDeps {
  /** Results that are too large for an item. */
  readonly results: Pick<ArchiveReader, 'get'>;
  readonly log: Log;
  /** Logical names by deployed ones. */
  readonly tables: ReadonlyMap<string, string>;
}

/**
 * One batch of one stream becomes one object of the change log, and one for each large result that it names; what throws is
 * handed over again, whole.
 */
export const changeLog =
  (deps: ChangeLogDeps) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<void> => {
    const changes = Records.map((record) => ({ table: tableOf(deps, record), change: changeOf(record) }));
    for (const [table, ofTable] of Map.groupBy(changes, (one) => one.table)) {
      const own = ofTable.map(({ change }) => change);
      // Before the changes that name them: what the log tells of is in it.
      await keepResults(deps, own);
      await keepChanges(deps, table, own);
    }
    deps.log.info('changes.kept', { count: Records.length });
  };

/** @throws Error when the stream is none of a table that is backed up */
function tableOf({ tables }: ChangeLogDeps, { eventSourceARN = '' }: DynamoDBRecord): string {
  const table = tables.get(/:table\/([^/]+)\//.exec(eventSourceARN)?.[1] ?? '');
  if (table === undefined) throw new Error('A change comes from a table that is not backed up.');
  return table;
}

/** @throws Error when the record does not tell what changed */
function changeOf({ eventName, dynamodb }: DynamoDBRecord): Change {
  const { Keys: keys, NewImage: image, SequenceNumber: sequence } = dynamodb ?? {};
  if (!keys || !sequence || (eventName !== 'REMOVE' && !image))
    throw new Error('A change does not tell what it changed.');
  const at = Number(dynamodb?.ApproximateCreationDateTime ?? 0);
  return { sequence, at, keys: { ...keys }, ...(eventName !== 'REMOVE' && { image: { ...image } }) };
}
