import type { Clock } from '../../lifecycle/instant.ts';
import type { Archive } from '../ports.ts';
import { type Change, changeLine } from './change-line.ts';
import { changeKey } from './change-log.ts';
import { GzipPart } from './gzip-part.ts';
import { putObject, sha256Of } from './put-object.ts';

export interface KeepDeps {
  readonly archive: Pick<Archive, 'put'>;
  readonly clock: Clock;
}

/**
 * Writes one object of the change log. The changes are in the order of their stream. Written twice they lie there twice,
 * which a replay does not mind.
 */
export async function keepChanges(deps: KeepDeps, table: string, changes: readonly Change[]): Promise<void> {
  const [first] = changes;
  if (!first) return;
  // Stamped before it is written: see SETTLED_SECONDS.
  const writtenAt = deps.clock();
  const part = new GzipPart();
  for (const change of changes) await part.add(changeLine(change));
  const body = await part.finish();
  const key = changeKey({
    table,
    writtenAt,
    sequence: first.sequence,
    changes: changes.length,
    sha256: sha256Of(body),
  });
  await putObject(deps.archive, key, body, 'application/gzip');
}
