import { PermanentError } from '../errors/attempt-error.ts';
import type { OpenedJob } from '../jobs/define-job-kind.ts';
import type { ChildOutcome, JobView } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Engine } from './engine.ts';
import { openPayload } from './payload-envelope.ts';

export interface OpenJob {
  readonly opened: OpenedJob;
  readonly view: Omit<JobView<never>, 'payload'>;
}

/** Reads what an attempt starts from: the payload, and after a waiting round its children's results. */
export async function openJob(deps: Pick<Engine, 'store' | 'kinds'>, row: JobRow): Promise<OpenJob> {
  const kind = deps.kinds.get(row.kind);
  if (!kind) throw new PermanentError('unknown_kind', `This version has no job kind ${row.kind}.`);
  const envelope = openPayload(await deps.store.payload(row));
  return {
    opened: kind.open(envelope.body),
    view: {
      jobId: row.jobId,
      attempt: row.attempt,
      generation: row.generation,
      round: row.round,
      createdAt: row.createdAt,
      dueAt: row.dueAt,
      ...(row.expiresAt !== undefined && { expiresAt: row.expiresAt }),
      ...(row.parentId !== undefined && { orderedAt: row.createdAt }),
      ...(row.userRef !== undefined && { userRef: row.userRef }),
      correlationId: row.correlationId,
      children: row.round > 0 ? await childOutcomes(deps, row.children ?? []) : [],
    },
  };
}

async function childOutcomes(deps: Pick<Engine, 'store'>, ids: readonly string[]): Promise<ChildOutcome[]> {
  const rows = await deps.store.readMany(ids);
  return Promise.all(
    rows.map(async (row, index): Promise<ChildOutcome> => {
      if (!row) return { jobId: ids[index] ?? '', key: '', status: 'missing' };
      const result = row.status === 'succeeded' ? await deps.store.result(row) : undefined;
      return { jobId: row.jobId, key: row.childKey ?? '', status: row.status, ...(result && { result }) };
    }),
  );
}
