import type { Exchange } from '#functions/http/exchange.ts';
import { recordRequestMetrics } from '#functions/http/request-metrics.ts';
import { errorFields } from '#shared/errors/error-fields.ts';
import type { Engine } from '#shared/operations/engine.ts';
import type { Accepted } from '#shared/operations/submit-job.ts';

/**
 * Step 7: the metrics of an accepted request. The job stands by now, so this step never turns the answer into an error:
 * a client would submit a second job. What cannot be counted is logged.
 */
export function recordMetrics(
  deps: Pick<Engine, 'metrics' | 'log'>,
  exchange: Exchange,
  accepted: Accepted,
): void {
  exchange.step = 'recordMetrics';
  exchange.jobId = String(accepted.body['job_id']);
  try {
    recordRequestMetrics(deps.metrics, exchange, 202);
  } catch (error) {
    deps.log.error('request.failed', {
      correlation_id: exchange.correlationId,
      job_id: exchange.jobId,
      step: exchange.step,
      ...errorFields(error),
      reason: 'metrics_not_recorded',
    });
  }
}
