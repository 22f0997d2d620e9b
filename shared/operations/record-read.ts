import { ProblemError } from '../errors/problem-error.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Engine } from './engine.ts';

/**
 * Leaves the audit entry of a read. It comes before the answer: what cannot be recorded is not shown.
 * @throws ProblemError `read_not_recorded`
 */
export async function recordRead(deps: Pick<Engine, 'audit'>, entry: AuditEntry): Promise<void> {
  try {
    await deps.audit.put(entry);
  } catch (cause) {
    throw new ProblemError(
      'read_not_recorded',
      'Reads of health data are recorded before they are answered, and this one could not be. Try again later.',
      { cause },
    );
  }
}
