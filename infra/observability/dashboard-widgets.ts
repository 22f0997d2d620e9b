import { Duration, type Stack } from 'aws-cdk-lib';
import { GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { JobFunction } from '../constructs/job-function.ts';
import type { PriorityQueues } from '../constructs/job-queues.ts';
import { consoleLink } from './metric-factory.ts';
import { STEADY } from './thresholds.ts';

/** Columns of a dashboard. */
export const FULL = 24;

const PERIOD = Duration.minutes(STEADY.periodMinutes);
const GRAPH_HEIGHT = 6;
const LIMIT_COLOUR = '#d62728';

/** A line that values should stay below. */
export interface Limit {
  readonly value: number;
  readonly label: string;
}

export const graph = (title: string, width: number, left: readonly IMetric[], limit?: Limit): IWidget =>
  new GraphWidget({
    title,
    width,
    height: GRAPH_HEIGHT,
    period: PERIOD,
    left: [...left],
    ...(limit && { leftAnnotations: [{ ...limit, color: LIMIT_COLOUR }] }),
  });

/** Of what happens once a month: it shows half a year, whatever the dashboard shows. */
export const monthly = (title: string, width: number, left: readonly IMetric[]): IWidget =>
  new GraphWidget({
    title,
    width,
    height: GRAPH_HEIGHT,
    period: Duration.days(1),
    start: '-P6M',
    end: 'P0D',
    left: [...left],
  });

/** What stands behind the graphs of a row, to go on from there. */
export interface Behind {
  readonly functions?: readonly JobFunction[];
  readonly queues?: readonly (readonly [string, PriorityQueues])[];
  readonly tables?: Readonly<Record<string, Table>>;
}

/** A strip below a row of graphs that leads to the functions, log groups, queues and tables that they are about. */
export function linksBelow(stack: Stack, { functions = [], queues = [], tables = {} }: Behind): IWidget[] {
  const ofFunctions = functions.map(({ name, variant, lambda, logGroup }) => {
    const fn = consoleLink(stack, 'lambda', `/functions/${lambda.functionName}`);
    const logs = consoleLink(stack, 'cloudwatch', `logsV2:log-groups/log-group/${logGroup.logGroupName}`);
    return `**${[name, variant].join(' ').trim()}** [function](${fn}) [logs](${logs})`;
  });
  const ofQueues = queues.map(([name, { source, deadLetters }]) => {
    const list = (queueName: string) => consoleLink(stack, 'sqs/v3', `/queues?prefix=${queueName}`);
    return `**${name}** [queue](${list(source.queueName)}) [dead letters](${list(deadLetters.queueName)})`;
  });
  const ofTables = Object.entries(tables).map(
    ([name, { tableName }]) =>
      `**${name}** [table](${consoleLink(stack, 'dynamodbv2', `table?name=${tableName}`)})`,
  );
  const markdown = [...ofQueues, ...ofFunctions, ...ofTables].join(' · ');
  return [
    new TextWidget({ width: FULL, height: ofFunctions.length + ofQueues.length > 6 ? 2 : 1, markdown }),
  ];
}
