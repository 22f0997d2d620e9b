import Table from 'cli-table3';
import type { DemoRow } from './demo-job.ts';

const WIDEST_LINE = 60;

export function demoTable(rows: readonly DemoRow[]): string {
  const table = new Table({
    head: ['kind', 'priority', 'status', 'attempts', 'queue wait', 'execution', 'result'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const row of rows)
    table.push([
      row.kind,
      row.priority,
      row.status,
      row.attempts,
      row.queueWait,
      row.execution,
      row.line.length > WIDEST_LINE ? `${row.line.slice(0, WIDEST_LINE - 1)}…` : row.line,
    ]);
  return table.toString();
}
