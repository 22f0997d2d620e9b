import middy from '@middy/core';
import type { Clock } from '#shared/lifecycle/instant.ts';
import { type ApiAnswer, NO_CONTENT, type SentAnswer } from './api-answer.ts';
import type { ApiEvent } from './api-event.ts';
import { correlation, exchangeOf } from './correlation.ts';
import { cors } from './cors.ts';
import type { Exchange } from './exchange.ts';
import { type ObserveDeps, observe } from './observe.ts';
import { type ProblemMapperDeps, problemMapper } from './problem-mapper.ts';
import { publicLinks } from './public-links.ts';
import { shownAnswer } from './shown-answer.ts';

export interface ApiDeps extends ObserveDeps, ProblemMapperDeps {
  readonly clock: Clock;
  /** Origins whose pages may read answers; none unless given. */
  readonly corsOrigins?: readonly string[];
  /** The job kind of the endpoint, for log lines and metrics. */
  readonly kind?: string;
}

/** What a route does with one request. Everything that it throws is mapped to an answer by the chain. */
export type Serve = (event: ApiEvent, exchange: Exchange) => Promise<ApiAnswer>;

/** So much of the function's time is kept back for a clean 500 in our own form. */
const TIMEOUT_EARLY_MS = 500;

/**
 * The chain around every HTTP handler, outermost first: correlation id, origins, log line and metrics, problem mapping. None of
 * the seven steps is in it: they are calls in the handlers.
 */
export const apiHandler = (deps: ApiDeps, serve: Serve) =>
  middy<ApiEvent, SentAnswer>({ timeoutEarlyInMillis: TIMEOUT_EARLY_MS })
    .use(correlation(deps.clock, deps.kind))
    .use(cors(deps.corsOrigins ?? []))
    .use(observe(deps))
    .use(problemMapper(deps))
    .handler(async (event: ApiEvent) => {
      const exchange = exchangeOf(event);
      const answer = publicLinks(event, shownAnswer(await serve(event, exchange), exchange));
      return { ...answer, body: answer.statusCode === NO_CONTENT ? '' : JSON.stringify(answer.body) };
    });
