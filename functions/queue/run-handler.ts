import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { METRICS } from '#shared/contract/metrics.ts';
import { errorFields } from '#shared/errors/error-fields.ts';
import type { Log, MetricSink } from '#shared/operations/ports.ts';

export interface RunDeps {
  readonly log: Log;
  readonly metrics: MetricSink;
  /** Writes out what has been counted since the last call. */
  readonly flush: () => void;
  /** Requests to AWS since the environment started. */
  readonly awsCalls: () => number;
}

interface RunState extends Record<string, unknown> {
  startedMs: number;
  awsCallsBefore: number;
}

/**
 * The chain around handlers that serve no HTTP request: queues, rules of EventBridge, the dashboard's widget. What is thrown is logged and
 * thrown on, so that Lambda counts it and repeats the event. Nothing is kept back of the function's time: a queue's
 * visibility timeout covers what is cut off.
 */
export const runHandler = <Event, Result>(
  deps: RunDeps,
  run: (event: Event, arn: string) => Promise<Result>,
) =>
  middy<Event, Result, Error, Context, RunState>({ timeoutEarlyInMillis: 0 })
    .use(observeRun<Event, Result>(deps))
    .handler((event: Event, { invokedFunctionArn }) => run(event, invokedFunctionArn));

function observeRun<Event, Result>(deps: RunDeps): MiddlewareObj<Event, Result, Error, Context, RunState> {
  const fields = ({ startedMs, awsCallsBefore }: RunState) => ({
    duration_ms: Math.round(performance.now() - startedMs),
    aws_calls: deps.awsCalls() - awsCallsBefore,
  });
  return {
    before: ({ internal }) => {
      internal.startedMs = performance.now();
      internal.awsCallsBefore = deps.awsCalls();
    },
    after: ({ internal }) => {
      deps.log.info('run.ended', fields(internal));
      deps.flush();
    },
    onError: ({ internal, error }) => {
      deps.log.error('run.failed', { ...fields(internal), ...errorFields(error) });
      deps.metrics.add(METRICS.runFailures, 1, 'Count');
      deps.flush();
    },
  };
}
