import { expect, test } from 'vitest';
import { readDashboardBody } from './dashboard-body.ts';
import { drawGraph } from './draw-graph.ts';
import type { MetricQuery } from './metric-source.ts';

const JOBS = 'MedicationJobs/local';
const ended = (kind: string, priority: string) => ({
  namespace: JOBS,
  name: 'success_rate',
  dimensions: { kind, priority },
});
const LISTED = [
  ended('backup', 'LOW'),
  ended('refill-check', 'HIGH'),
  { namespace: JOBS, name: 'aws_calls', dimensions: {} },
  { namespace: JOBS, name: 'request_time', dimensions: {} },
  { namespace: JOBS, name: 'request_time', dimensions: { kind: 'backup' } },
];
const SEARCH = `SEARCH('{"${JOBS}",kind,priority} MetricName="success_rate"', 'SampleCount', 3600)`;

/** Draws a graph with these metrics, as the body of a dashboard has them; `points` by name and kind. */
function drawn(metrics: unknown[], points: Record<string, [number, number][]>) {
  const properties = {
    title: 'Graph',
    metrics,
    period: 300,
    annotations: { horizontal: [{ value: 7, label: 'limit' }] },
  };
  const { widgets } = readDashboardBody(JSON.stringify({ widgets: [{ type: 'metric', properties }] }));
  const [widget] = widgets;
  if (widget?.type !== 'metric') throw new Error('No graph.');
  const read = ({ dimensions, name }: MetricQuery) =>
    new Map(points[[name, dimensions['kind']].filter(Boolean).join(' ')]);
  return drawGraph({ lines: widget.lines, listed: LISTED, read }, widget.limits);
}

test('draws metrics over all their times, named by what tells them apart', () => {
  const graph = drawn(
    [
      [JOBS, 'aws_calls', { stat: 'Sum' }],
      [JOBS, 'kms_calls', { stat: 'Sum' }],
      [JOBS, 'never', { stat: 'Sum' }],
      [JOBS, 'aws_calls', { id: 'hidden', visible: false }],
    ],
    {
      aws_calls: [[600, 2]],
      kms_calls: [
        [300, 1],
        [600, 3],
      ],
    },
  );
  expect(graph).toEqual({
    times: [300, 600],
    lines: [
      { label: 'aws_calls', values: [null, 2] },
      { label: 'kms_calls', values: [1, 3] },
    ],
    limits: [{ value: 7, label: 'limit' }],
    notes: [],
  });
});

test('draws what a search finds', () => {
  const graph = drawn([[{ expression: SEARCH }]], {
    'success_rate backup': [[0, 1]],
    'success_rate refill-check': [[0, 4]],
  });
  expect(graph.lines).toEqual([
    { label: 'backup LOW', values: [1] },
    { label: 'refill-check HIGH', values: [4] },
  ]);
});

const perJob = (callsPeriod: number) => [
  [{ expression: 'c / j', label: 'calls per job', period: 3600 }],
  [JOBS, 'aws_calls', { id: 'c', visible: false, period: callsPeriod, stat: 'Sum' }],
  [{ expression: 'SUM(ended)', id: 'j', visible: false, period: 3600 }],
  [{ expression: SEARCH, id: 'ended', visible: false, period: 3600 }],
];
const POINTS: Record<string, [number, number][]> = {
  aws_calls: [
    [0, 50],
    [3600, 30],
  ],
  'success_rate backup': [[0, 1]],
  'success_rate refill-check': [[0, 4]],
};

test('computes expressions over others, where all that they read have data', () => {
  const graph = drawn(perJob(3600), POINTS);
  expect(graph.lines).toEqual([{ label: 'calls per job', values: [10] }]);
  expect(graph.notes).toEqual([]);
});

test.each([
  ['another period', perJob(300), 'calls per job: Not evaluated: periods of 300 and 3600 s together.'],
  [
    'an unknown function',
    [[{ expression: 'RATE(c)', label: 'x' }], [JOBS, 'aws_calls', { id: 'c', visible: false }]],
    'x: Not evaluated: RATE of 1.',
  ],
  ['a metric that is not there', [[{ expression: 'c + 1' }]], 'Not evaluated: the graph has no metric c.'],
  ['a circle', [[{ expression: 'c + 1', id: 'c' }]], 'Not evaluated: c reads itself.'],
  [
    'a search in another form',
    [[{ expression: `SEARCH('x', 'Sum', 60)` }]],
    `Not evaluated: SEARCH('x', 'Sum', 60)`,
  ],
  ['a query', [[{ expression: 'SELECT SUM(x) FROM y' }]], /Not evaluated|Unexpected|Unclosed|error/i],
  [
    'series that the emulator adds up',
    [[JOBS, 'request_time']],
    "Not shown: the laptop's AWS adds 1 series with dimensions to request_time without any.",
  ],
])('a note says why nothing is drawn: %s', (_, metrics, note) => {
  const graph = drawn(metrics, POINTS);
  expect(graph.lines).toEqual([]);
  expect(graph.notes[0]).toMatch(note);
  expect(graph.notes[1]).toBe('No data in this time.');
});

test('says of a namespace that the emulator does not measure it', () => {
  expect(drawn([['AWS/DynamoDB', 'ThrottledRequests', 'TableName', 'jobs']], {}).notes).toEqual([
    'No data in this time.',
    "The laptop's AWS does not measure AWS/DynamoDB.",
  ]);
});

test('refuses the body of a dashboard whose metrics it cannot read', () => {
  expect(() => drawn([['AWS/SQS', 'Depth', '.', '.']], {})).toThrow('unknown form');
});
