import { type UnreadableReason, unlessUnreadable } from '../errors/unreadable.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { ExportDeps } from './export-sections.ts';
import { resultView } from './job-view.ts';
import { openPayload } from './payload-envelope.ts';
import { standing } from './standing-content.ts';

/** A job about a patient with what was asked and answered, as the patient may see it. */
export interface HeldJob {
  readonly row: JobRow;
  readonly request?: JsonObject;
  readonly result?: JsonObject;
  readonly view: JsonObject;
  /** Why parts of it cannot be read that should stand. */
  readonly lost: readonly UnreadableReason[];
}

/**
 * What a check found is shown as far as a professional released it, here as everywhere: `findings` says so whether there
 * are any or not, so that it gives nothing away.
 */
export async function heldJob(
  deps: Pick<ExportDeps, 'store' | 'releases' | 'kinds' | 'settings'>,
  row: JobRow,
): Promise<HeldJob> {
  const kind = deps.kinds.get(row.kind);
  const lost: UnreadableReason[] = [];
  const part = <T>(read: () => Promise<T | undefined>) =>
    unlessUnreadable(
      () => standing(read),
      (reason) => lost.push(reason),
    );
  const request = await part(async () => openPayload(await deps.store.payload(row)).body);
  const stored = row.status === 'succeeded' ? await part(() => deps.store.result(row)) : undefined;
  const asks = stored !== undefined && kind?.release !== undefined && deps.settings.patientRelease === true;
  const release = asks ? await part(() => deps.releases.read(row)) : undefined;
  const result = stored && resultView({ role: 'patient', kind }, row, stored, release);
  const parts = { ...(request && { request }), ...(result && { result }) };
  return {
    row,
    ...parts,
    lost,
    view: {
      job_id: row.jobId,
      kind: row.kind,
      status: row.status,
      priority: row.priority,
      created_at: row.createdAt,
      due_at: row.dueAt,
      ...(row.endedAt !== undefined && { ended_at: row.endedAt }),
      ...(row.errorCode !== undefined && { error_code: row.errorCode }),
      ...(stored && kind?.release && { findings: release ? 'released' : 'not_released' }),
      ...parts,
    },
  };
}
