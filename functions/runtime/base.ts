import type { AwsCallCounter } from '#shared/adapters/aws-calls.ts';
import type { ClientSettings } from '#shared/adapters/clients.ts';
import { createLog } from '#shared/adapters/log.ts';
import { createMetricSink, type FlushableMetricSink } from '#shared/adapters/metric-sink.ts';
import { createRandomSource } from '#shared/adapters/random-source.ts';
import { readEnvironment, type Variable } from '#shared/contract/environment.ts';
import { FUNCTION_VARIABLES, type FunctionName } from '#shared/contract/functions.ts';
import { METRICS } from '#shared/contract/metrics.ts';
import type { Clock } from '#shared/lifecycle/instant.ts';
import type { Log, MetricSink, RandomSource } from '#shared/operations/ports.ts';
import { clock, createAwsCallCounter } from './hooks.ts';

/** What every function has, whatever it does: its variables, a clock, log, metrics. No client of AWS is made here. */
export interface Base {
  /** A variable of the function's contract. */
  readonly variable: (name: Variable) => string;
  /** Whether the function's contract lists that variable. */
  readonly has: (name: Variable) => boolean;
  readonly clients: ClientSettings;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly log: Log;
  readonly metrics: MetricSink;
  readonly flush: () => void;
  readonly awsCalls: () => number;
}

/**
 * The base of one function, for its composition root.
 * @throws Error that names every variable of the function's contract that is missing
 */
export function createBase(name: FunctionName, environment: ClientSettings['environment']): Base {
  const names: readonly Variable[] = FUNCTION_VARIABLES[name];
  const values = readEnvironment(names, environment);
  const calls = createAwsCallCounter();
  const metrics = createMetricSink(values.STAGE);
  return {
    variable: (wanted) => {
      // A part that asks for more than the contract grants would work on no stage: better to say so here.
      if (!names.includes(wanted))
        throw new Error(`${name} reads ${wanted}, which its contract does not list.`);
      return values[wanted];
    },
    has: (wanted) => names.includes(wanted),
    clients: { environment, calls },
    clock,
    random: createRandomSource(),
    log: createLog(),
    metrics,
    flush: flushOf(metrics, calls),
    awsCalls: calls.count,
  };
}

/** With what the invocation has counted goes how many requests to AWS it took: an environment serves one at a time. */
function flushOf(metrics: FlushableMetricSink, calls: AwsCallCounter): () => void {
  let before = { all: 0, kms: 0 };
  return () => {
    const now = { all: calls.count(), kms: calls.kmsCount() };
    metrics.add(METRICS.awsCalls, now.all - before.all, 'Count');
    if (now.kms > before.kms) metrics.add(METRICS.kmsCalls, now.kms - before.kms, 'Count');
    before = now;
    metrics.flush();
  };
}

/** A variable that holds a whole number of at least 1. */
export function countVariable(base: Base, name: Variable): number {
  const value = Number(base.variable(name));
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} is no whole number of at least 1.`);
  return value;
}
