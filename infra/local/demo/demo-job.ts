import { isObject } from '../deploy/template.ts';
import { secondsText } from './seconds-text.ts';

/** A job of the demo as it is shown and printed. */
export interface DemoJob {
  readonly kind: string;
  readonly job_id: string;
  readonly status: string;
  readonly priority: string;
  readonly attempts: number;
  readonly result: unknown;
}

export interface DemoRow extends DemoJob {
  readonly queueWait: string;
  readonly execution: string;
  /** One line: what came of it, or why nothing did. */
  readonly line: string;
}

export const ENDED: ReadonlySet<string> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'expired',
  'superseded',
]);

/** A row of the demo's table from the API's answer to `GET /jobs/{id}`. */
export function demoRow(job: Readonly<Record<string, unknown>>): DemoRow {
  const text = (member: string): string => String(job[member] ?? '');
  const attempts = Array.isArray(job['attempts']) ? job['attempts'].filter(isObject) : [];
  const [first, last] = [attempts.at(0), attempts.at(-1)];
  return {
    kind: text('kind'),
    job_id: text('job_id'),
    status: text('status'),
    priority: text('priority'),
    attempts: Number(job['attempt_count'] ?? attempts.length),
    result: job['result'] ?? null,
    queueWait: between(job['due_at'], first?.['started_at']),
    execution: between(last?.['started_at'], last?.['ended_at']),
    line: text('summary') || text('error_code'),
  };
}

function between(from: unknown, to: unknown): string {
  if (typeof from !== 'string' || typeof to !== 'string') return '';
  return secondsText(Math.max(Date.parse(to) - Date.parse(from), 0));
}
