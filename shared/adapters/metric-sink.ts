import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS, METRICS_SERVICE, type MetricName, metricsNamespace } from '../contract/metrics.ts';
import type { MetricDimensions, MetricSink } from '../operations/ports.ts';

export interface FlushableMetricSink extends MetricSink {
  /** Writes what was added since the last flush, as one EMF line per set of dimensions. Call it once per invocation. */
  flush(): void;
}

const UNITS = {
  Count: MetricUnit.Count,
  Milliseconds: MetricUnit.Milliseconds,
  Seconds: MetricUnit.Seconds,
} as const;

/** EMF takes 100 values of one metric in a line; Powertools writes the line by itself then, before it is complete. */
const MOST_VALUES = 100;

interface Sink {
  readonly metrics: Metrics;
  readonly dimensions: Record<string, string>;
  readonly values: Map<MetricName, number>;
}

/** Metrics by log line: CloudWatch reads them out of the function's log, no call is made. */
export function createMetricSink(stage: string): FlushableMetricSink {
  const sinks = new Map<string, Sink>();
  const publish = ({ metrics, dimensions, values }: Sink): void => {
    // An empty set is a set as well: without it the format would have none, and CloudWatch would drop the line.
    metrics.addDimensions(dimensions);
    metrics.publishStoredMetrics();
    values.clear();
  };

  return {
    add: (...given) => {
      const [name, value, unit, dimensions = {}] = measured(given);
      const own = dimensionsOf(dimensions);
      const key = JSON.stringify(own);
      const sink = sinks.get(key) ?? { metrics: newMetrics(stage), dimensions: own, values: new Map() };
      sinks.set(key, sink);
      const values = (sink.values.get(name) ?? 0) + 1;
      if (values >= MOST_VALUES) publish(sink);
      sink.metrics.addMetric(name, UNITS[unit], value);
      sink.values.set(name, values >= MOST_VALUES ? 1 : values);
    },
    flush: () => {
      for (const sink of sinks.values()) publish(sink);
      sinks.clear();
    },
  };
}

function newMetrics(stage: string): Metrics {
  const metrics = new Metrics({ namespace: metricsNamespace(stage), serviceName: METRICS_SERVICE });
  // Powertools adds the service to every metric; each further dimension is another metric to pay for.
  metrics.clearDefaultDimensions();
  return metrics;
}

/**
 * A value that is no number would be written as nothing: the metric falls silent, most alarms take that for peace, and
 * CloudWatch may drop what stands in the same line. So it is told as what it is, a failure.
 */
const measured = (given: Parameters<MetricSink['add']>): Parameters<MetricSink['add']> =>
  Number.isFinite(given[1]) ? given : [METRICS.runFailures, 1, 'Count'];

/** Kind and priority only, in one order, so that the same set is always the same metric. */
const dimensionsOf = ({ kind, priority }: MetricDimensions): Record<string, string> => ({
  ...(kind !== undefined && { kind }),
  ...(priority !== undefined && { priority }),
});
