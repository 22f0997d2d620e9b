import type { Clock } from '../../lifecycle/instant.ts';
import { type Archive, type ArchiveReader, itemOfObject, RESULTS_TABLE } from '../ports.ts';
import type { Change } from './change-line.ts';
import { keepChanges } from './keep-changes.ts';

/** Copies are made of so many results at a time, each of some megabytes at most. */
const AT_A_TIME = 4;

interface KeepResultsDeps {
  readonly archive: Pick<Archive, 'put'>;
  readonly results: Pick<ArchiveReader, 'get'>;
  readonly clock: Clock;
}

/**
 * Writes the large results into the change log that changes of jobs name: each an object of the log, before the changes
 * themselves, so that what a log tells of is in it. One that has expired meanwhile is passed over.
 * @returns how many were kept
 */
export async function keepResults(deps: KeepResultsDeps, changes: readonly Change[]): Promise<number> {
  const named = new Map(changes.flatMap((change) => namedBy(change)));
  const left = [...named];
  let kept = 0;
  const work = async (): Promise<void> => {
    for (let one = left.shift(); one; one = left.shift()) {
      const [key, { sequence, at }] = one;
      const bytes = await deps.results.get(key);
      if (!bytes) continue;
      const image = itemOfObject(key, bytes);
      const keys = { pk: image['pk'], sk: image['sk'] };
      await keepChanges(deps, RESULTS_TABLE, [{ sequence, at, keys, image }]);
      kept += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return kept;
}

function namedBy(change: Change): readonly (readonly [string, Change])[] {
  const key: unknown = Object(change.image?.['objectKey']).S;
  return typeof key === 'string' ? [[key, change]] : [];
}
