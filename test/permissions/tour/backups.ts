import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { type Guide, later } from './guide.ts';

/** A full backup to its end, and an increment that continues it. */
export async function backups({ stack, submit, ended }: Guide): Promise<void> {
  for (const backup_type of ['full', 'incremental']) {
    const jobId = await submit('backup', { backup_type, storage_config: { type: 's3', path: 'tour' } });
    const { status, result } = await ended(jobId);
    const { backup_type: made } = (result ?? {}) as { backup_type?: string }; // its documented shape
    if (made !== backup_type) throw new Error(`A ${backup_type} backup ended ${String(status)} as ${made}.`);
    await stack.clock.advance('PT5M');
  }
}

/** A drill of what was backed up, to its end. */
export async function drill({ stack, ended }: Guide): Promise<void> {
  await stack.invoke('recurring', { run: 'restore-drill', time: await later(stack, 0) });
  const rows = (await stack.items('jobs')).filter(
    (item) => item['kind'] === 'restore-drill' && item[SORT_KEY] === 'ROW',
  );
  for (let ids = rows.map((item) => String(item[PARTITION_KEY]).replace('JOB#', '')); ids.length > 0; ) {
    const [job] = await Promise.all(ids.map(ended));
    if (job?.['status'] !== 'succeeded') throw new Error(`A drill ended ${JSON.stringify(job)}.`);
    ids = [...((job['child_job_ids'] ?? []) as readonly string[])]; // its documented shape
  }
}
