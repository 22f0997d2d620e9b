import Table from 'cli-table3';
import type { DrillReport } from '#shared/jobs/archive/drill-report.ts';

/** What the last drills have shown, the newest first. */
export function drillsText({
  drills,
  unreadable,
}: {
  readonly drills: readonly DrillReport[];
  readonly unreadable: readonly string[];
}): string {
  const strange = unreadable.map((key) => `NO REPORT: ${key}`);
  if (drills.length === 0) return ['No drill has ended yet.', ...strange].join('\n');
  const table = new Table({
    head: ['started', 'verdict', 'backup', 'RTO s', 'RPO s', 'job'],
    style: { head: [], border: [] },
  });
  for (const drill of drills)
    table.push([
      drill.started_at,
      drill.passed ? 'passed' : 'FAILED',
      drill.backup_id ?? '',
      drill.restore_rto_seconds ?? '',
      drill.restore_rpo_seconds ?? '',
      drill.job_id,
    ]);
  const faults = drills.flatMap(({ started_at, faults: all }) => all.map((one) => `${started_at}: ${one}`));
  return [table.toString(), ...faults, ...strange].join('\n');
}

/** For below the list of backups. */
export function lastDrillText(last: DrillReport | undefined): string {
  if (!last) return 'No restore has been drilled yet.';
  const measured = `RTO ${last.restore_rto_seconds ?? '-'} s, RPO ${last.restore_rpo_seconds ?? '-'} s`;
  return `Last drill: ${last.started_at}, ${last.passed ? `passed, ${measured}` : 'FAILED'}.`;
}
