import type { MiddlewareObj } from '@middy/core';
import { errorFields } from '#shared/errors/error-fields.ts';
import { PROBLEMS } from '#shared/errors/problem-error.ts';
import type { Log, MetricSink } from '#shared/operations/ports.ts';
import type { SentAnswer } from './api-answer.ts';
import type { ApiEvent } from './api-event.ts';
import { exchangeOf } from './correlation.ts';
import { asProblem } from './problem-response.ts';
import { elapsedMs, recordRequestMetrics } from './request-metrics.ts';

export interface ObserveDeps {
  readonly log: Log;
  readonly metrics: MetricSink;
  /** Writes out what has been counted since the last call. */
  readonly flush: () => void;
  /** Requests to AWS since the environment started. */
  readonly awsCalls: () => number;
}

/** Writes the request's one log line and flushes its metrics, however it ended. */
export function observe(deps: ObserveDeps): MiddlewareObj<ApiEvent, SentAnswer> {
  const finish = (event: ApiEvent, statusCode: number, thrown?: { readonly error: unknown }) => {
    const exchange = exchangeOf(event);
    const fields = {
      route: exchange.route,
      http_status: statusCode,
      duration_ms: elapsedMs(exchange),
      aws_calls: deps.awsCalls() - exchange.awsCallsBefore,
      kind: exchange.kind,
      role: exchange.role,
      job_id: exchange.jobId,
      step: statusCode >= 400 ? exchange.step : undefined,
      correlation_id: exchange.correlationId,
    };
    if (!thrown) deps.log.info('request.answered', fields);
    else if (statusCode < 500)
      deps.log.info('request.refused', {
        ...fields,
        error_code: asProblem(thrown.error).code,
        reason: exchange.reason,
      });
    else
      deps.log.error('request.failed', {
        ...fields,
        error_code: asProblem(thrown.error).code,
        ...errorFields(thrown.error),
      });
    try {
      recordRequestMetrics(deps.metrics, exchange, statusCode);
      deps.flush();
    } catch (metricsError) {
      // The answer stands: a request that was served must not look like a failed one to its caller.
      deps.log.error('request.failed', {
        ...fields,
        reason: 'metrics_not_recorded',
        ...errorFields(metricsError),
      });
    }
  };
  return {
    before: (request) => {
      exchangeOf(request.event).awsCallsBefore = deps.awsCalls();
    },
    after: (request) => finish(request.event, request.response?.statusCode ?? 200),
    onError: (request) =>
      finish(request.event, request.response?.statusCode ?? PROBLEMS[asProblem(request.error).code].status, {
        error: request.error,
      }),
  };
}
