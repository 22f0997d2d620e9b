import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricName, metricsNamespace } from '#shared/contract/metrics.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';
import type { Statistic } from './metric-factory.ts';
import { STEADY } from './thresholds.ts';

/** The product's own metrics of one stage, as its functions write them. */
export class JobMetrics {
  readonly #namespace: string;

  constructor(stage: string) {
    this.#namespace = metricsNamespace(stage);
  }

  /** `dimensions` must be exactly those under which the metric is written. */
  metric(
    metricName: MetricName,
    statistic: Statistic,
    dimensions: { readonly kind?: string; readonly priority?: Priority } = {},
    periodMinutes = STEADY.periodMinutes,
  ): Metric {
    return new Metric({
      namespace: this.#namespace,
      metricName,
      statistic,
      period: Duration.minutes(periodMinutes),
      ...(Object.keys(dimensions).length > 0 && { dimensionsMap: { ...dimensions } }),
    });
  }

  /** Added up over all kinds of one priority. */
  sumOverKinds(metricName: MetricName, priority: Priority): MathExpression {
    return this.#sumWhere(metricName, 'priority', priority, STEADY.periodMinutes);
  }

  /** Added up over all priorities of one kind. */
  sumOverPriorities(metricName: MetricName, kind: string, periodMinutes: number): MathExpression {
    return this.#sumWhere(metricName, 'kind', kind, periodMinutes);
  }

  #sumWhere(metricName: MetricName, dimension: 'kind' | 'priority', value: string, periodMinutes: number) {
    return new MathExpression({
      expression: `SELECT SUM(${metricName}) FROM SCHEMA("${this.#namespace}", kind, priority) WHERE ${dimension} = '${value}'`,
      period: Duration.minutes(periodMinutes),
      label: `${metricName} ${value}`,
    });
  }

  /** Every combination of kind and priority: for graphs, alarms cannot search. */
  everyCombination(
    metricName: MetricName,
    statistic: Statistic,
    kind?: string,
    periodMinutes = STEADY.periodMinutes,
  ): MathExpression {
    const filter = `MetricName="${metricName}"${kind ? ` kind="${kind}"` : ''}`;
    return new MathExpression({
      expression: `SEARCH('{"${this.#namespace}",kind,priority} ${filter}', '${statistic}', ${periodMinutes * 60})`,
      period: Duration.minutes(periodMinutes),
      label: '',
    });
  }
}
