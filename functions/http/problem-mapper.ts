import type { MiddlewareObj } from '@middy/core';
import { errorFields } from '#shared/errors/error-fields.ts';
import { PROBLEMS, type ProblemError } from '#shared/errors/problem-error.ts';
import type { Log } from '#shared/operations/ports.ts';
import type { SentAnswer } from './api-answer.ts';
import type { ApiEvent } from './api-event.ts';
import { exchangeOf } from './correlation.ts';
import type { Exchange } from './exchange.ts';
import { asProblem, problemResponse } from './problem-response.ts';

export interface ProblemMapperDeps {
  readonly log: Log;
  /** Leaves the evidence of a refusal. */
  readonly recordRefusal: (problem: ProblemError, exchange: Exchange) => Promise<void>;
}

/**
 * Innermost: turns whatever was thrown into the answer. It assigns the response and returns nothing, because middy
 * skips the outer middlewares once an `onError` returns a value.
 */
export function problemMapper(deps: ProblemMapperDeps): MiddlewareObj<ApiEvent, SentAnswer> {
  return {
    onError: async (request) => {
      const exchange = exchangeOf(request.event);
      const problem = asProblem(request.error);
      if (PROBLEMS[problem.code].status < 500) {
        try {
          await deps.recordRefusal(problem, exchange);
        } catch (error) {
          // The caller is refused either way; that the evidence is missing is ours to see and to alarm on.
          deps.log.error('request.failed', {
            route: exchange.route,
            correlation_id: exchange.correlationId,
            job_id: exchange.jobId,
            ...errorFields(error),
            reason: 'refusal_not_recorded',
          });
        }
      }
      request.response = problemResponse(problem, exchange.correlationId);
    },
  };
}
