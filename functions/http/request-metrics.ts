import { METRICS, type MetricName } from '#shared/contract/metrics.ts';
import type { MetricSink } from '#shared/operations/ports.ts';
import type { Exchange } from './exchange.ts';

/** By the step that ended the request. */
const REFUSED_BY: Readonly<Record<string, MetricName>> = {
  authenticate: METRICS.refusedAuthenticate,
  authorize: METRICS.refusedAuthorize,
  validateInput: METRICS.refusedValidateInput,
  verifyCompliance: METRICS.refusedVerifyCompliance,
  applyBusinessRules: METRICS.refusedApplyBusinessRules,
  recordAcceptance: METRICS.refusedRecordAcceptance,
};

/**
 * Counts one answered request, once, however often it is called: its time, and whether it failed by our fault. All kinds
 * together: API Gateway measures each endpoint by itself, and its metrics are free.
 */
export function recordRequestMetrics(metrics: MetricSink, exchange: Exchange, statusCode: number): void {
  if (exchange.measured) return;
  exchange.measured = true;
  metrics.add(METRICS.requestTime, elapsedMs(exchange), 'Milliseconds');
  metrics.add(METRICS.requestErrorRate, statusCode >= 500 ? 1 : 0, 'Count');
  if (statusCode < 400 || statusCode >= 500) return;
  metrics.add(METRICS.refusals, 1, 'Count');
  const byStep = REFUSED_BY[exchange.step ?? ''];
  if (byStep) metrics.add(byStep, 1, 'Count');
}

export const elapsedMs = (exchange: Exchange): number =>
  Math.round((performance.now() - exchange.startedMs) * 100) / 100;
