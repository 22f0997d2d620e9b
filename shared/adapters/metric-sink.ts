import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS_NAMESPACE, METRICS_SERVICE } from '../contract/metrics.ts';
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

/** Metrics by log line: CloudWatch reads them out of the function's log, no call is made. */
export function createMetricSink(): FlushableMetricSink {
  const sinks = new Map<string, { readonly metrics: Metrics; readonly dimensions: Record<string, string> }>();

  return {
    add: (name, value, unit, dimensions = {}) => {
      const own = dimensionsOf(dimensions);
      const key = JSON.stringify(own);
      const sink = sinks.get(key) ?? { metrics: newMetrics(), dimensions: own };
      sinks.set(key, sink);
      sink.metrics.addMetric(name, UNITS[unit], value);
    },
    flush: () => {
      for (const { metrics, dimensions } of sinks.values()) {
        // An empty set is a set as well: without it the format would have none, and CloudWatch would drop the line.
        metrics.addDimensions(dimensions);
        metrics.publishStoredMetrics();
      }
      sinks.clear();
    },
  };
}

function newMetrics(): Metrics {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: METRICS_SERVICE });
  // Powertools adds the service to every metric; each further dimension is another metric to pay for.
  metrics.clearDefaultDimensions();
  return metrics;
}

/** Kind and priority only, in one order, so that the same set is always the same metric. */
const dimensionsOf = ({ kind, priority }: MetricDimensions): Record<string, string> => ({
  ...(kind !== undefined && { kind }),
  ...(priority !== undefined && { priority }),
});
