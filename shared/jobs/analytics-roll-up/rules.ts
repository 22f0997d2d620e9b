import type { Ruling } from '../define-job-kind.ts';
import { metricsTypeProblems } from './metrics-types.ts';
import type { AnalyticsRollUpPayload } from './schema.ts';
import { openWindow } from './time-window.ts';

/** Window and metrics types, all problems at once. A window may lie ahead: with `run_at` the job runs after its end. */
export function rules(payload: AnalyticsRollUpPayload): Ruling<AnalyticsRollUpPayload> {
  const opened = openWindow(payload.time_range);
  const problems = [...(opened.ok ? [] : opened.problems), ...metricsTypeProblems(payload.metrics_types)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, payload };
}
