import { breakGlassNotice } from '../jobs/break-glass-notice/index.ts';
import { accessMessage } from '../jobs/break-glass-notice/message.ts';
import type { BreakGlassNotice } from '../jobs/break-glass-notice/schema.ts';
import { payloadOf } from '../jobs/define-job-kind.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Engine } from './engine.ts';
import { openPayload } from './payload-envelope.ts';

/**
 * Tells of an emergency access what its job has not told, because it waits, failed or may never run: who is erased is
 * owed it all the same, and afterwards nobody can tell whom it was about. True: it was told, perhaps once more.
 */
export async function tellOwed(
  deps: Pick<Engine, 'store' | 'publisher' | 'refs'>,
  row: JobRow,
): Promise<boolean> {
  if (row.kind !== breakGlassNotice.name || row.status === 'succeeded' || row.status === 'cancelled')
    return false;
  const { body } = openPayload(await deps.store.payload(row));
  const notice = payloadOf<BreakGlassNotice>(body);
  await deps.publisher.publishAccess(accessMessage(deps.refs, notice, true));
  return true;
}
