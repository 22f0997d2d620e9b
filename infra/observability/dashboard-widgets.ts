import { Duration, type Stack } from 'aws-cdk-lib';
import { GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Priority } from '#shared/lifecycle/priority.ts';
import type { JobFunction } from '../constructs/job-function.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
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

/** What stands behind a graph, to go on from there. */
export interface Behind {
  readonly functions?: readonly JobFunction[];
  /** Each with its worker, its queue and the dead letters of that. */
  readonly priorities?: readonly Priority[];
  readonly tables?: Readonly<Record<string, Table>>;
}

export type GraphAndBehind = readonly [graph: IWidget, behind: Behind];

interface Entry {
  readonly name: string;
  readonly links: readonly (readonly [what: string, url: string])[];
}

/** Characters of text that fit into a line of each column. */
const LINE_PER_COLUMN = 7;

/** Leads from graphs to what they are about: CloudWatch knows no links in a graph, so they stand right below it. */
export class Links {
  readonly #stack: Stack;
  readonly #workers: Readonly<Record<Priority, JobFunction>>;
  readonly #queues: JobQueues;

  constructor(stack: Stack, parts: { readonly functions: JobFunctions; readonly queues: JobQueues }) {
    this.#stack = stack;
    this.#workers = parts.functions.workers;
    this.#queues = parts.queues;
  }

  /** Graphs side by side, and below each what is behind it. */
  row(...cells: readonly GraphAndBehind[]): IWidget[][] {
    return [cells.map(([graph]) => graph), cells.map(([graph, behind]) => this.#strip(graph.width, behind))];
  }

  /** Graphs side by side that are all about the same, and below them what that is. */
  shared(graphs: readonly IWidget[], behind: Behind, about = ''): IWidget[][] {
    return [[...graphs], [this.#strip(FULL, behind, about)]];
  }

  #strip(width: number, { functions = [], priorities = [], tables = {} }: Behind, about = ''): IWidget {
    const entries = [
      ...priorities.map((one) => this.#ofPriority(one)),
      ...functions.map((one) => this.#ofFunction(one)),
      ...Object.entries(tables).map(
        ([name, { tableName }]): Entry => ({
          name,
          links: [['table', consoleLink(this.#stack, 'dynamodbv2', `table?name=${tableName}`)]],
        }),
      ),
    ];
    const texts = entries.map(
      ({ name, links }) => `**${name}** ${links.map(([what, url]) => `[${what}](${url})`).join(' ')}`,
    );
    const seen = entries.map(({ name, links }) => [name, ...links.map(([what]) => what)].join(' '));
    const length = [about, ...seen].join(' · ').length;
    return new TextWidget({
      width,
      height: Math.ceil(length / (width * LINE_PER_COLUMN)),
      markdown: `${about === '' ? '' : `${about}: `}${texts.join(' · ')}`,
    });
  }

  #ofFunction({ name, variant, lambda, logGroup }: JobFunction): Entry {
    return {
      name: [name, variant].join(' ').trim(),
      links: [
        ['function', consoleLink(this.#stack, 'lambda', `/functions/${lambda.functionName}`)],
        [
          'logs',
          consoleLink(this.#stack, 'cloudwatch', `logsV2:log-groups/log-group/${logGroup.logGroupName}`),
        ],
      ],
    };
  }

  #ofPriority(priority: Priority): Entry {
    const { source, deadLetters } = this.#queues.byPriority[priority];
    const list = (queue: Queue) => consoleLink(this.#stack, 'sqs/v3', `/queues?prefix=${queue.queueName}`);
    const { links } = this.#ofFunction(this.#workers[priority]);
    return {
      name: priority,
      links: [['queue', list(source)], ['dead letters', list(deadLetters)], ...links],
    };
  }
}
