import { ProblemError } from '../errors/problem-error.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Engine } from './engine.ts';

/**
 * Leaves the audit entry of a read. It comes before the answer: what cannot be recorded is not shown.
 * @throws ProblemError `read_not_recorded`
 */
export const recordRead = (deps: Pick<Engine, 'audit'>, entry: AuditEntry): Promise<void> =>
  recordReads(deps, [entry]);

/**
 * The same of a read that shows the data of several patients: an entry for each of them.
 * @throws ProblemError `read_not_recorded`
 */
export async function recordReads(
  { audit }: Pick<Engine, 'audit'>,
  entries: readonly AuditEntry[],
): Promise<void> {
  const [first, ...more] = entries;
  try {
    if (first && more.length === 0) await audit.put(first);
    else await audit.putAll(entries);
  } catch (cause) {
    throw new ProblemError(
      'read_not_recorded',
      'Reads of health data are recorded before they are answered, and this one could not be. Try again later.',
      { cause },
    );
  }
}
