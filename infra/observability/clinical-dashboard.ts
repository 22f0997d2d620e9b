import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
import { type Behind, type GraphAndBehind, graph, Links } from './dashboard-widgets.ts';
import type { JobMetrics } from './job-metrics.ts';

export interface ClinicalDashboardProps {
  readonly name: string;
  readonly functions: JobFunctions;
  readonly queues: JobQueues;
  readonly metrics: JobMetrics;
}

/** One page for who answers for the patients: what became of reminders, supplies and checks. Numbers only, nobody's in particular. */
export class ClinicalDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: ClinicalDashboardProps) {
    super(scope, id);
    const { functions, metrics, name } = props;
    const links = new Links(Stack.of(this), props);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.hours(24),
      widgets: [
        ...links.row(...reminderRow(metrics, functions)),
        ...links.row(...messageRow(metrics, functions)),
        ...links.row(...checkRow(metrics)),
      ],
    });
  }
}

function reminderRow(metrics: JobMetrics, { tick, tickShard }: JobFunctions): GraphAndBehind[] {
  const telling: Behind = { priorities: ['CRITICAL'], functions: [tick, tickShard] };
  return [
    [
      graph('Reminders by outcome', 8, [
        metrics.metric(METRICS.remindersPublished, 'Sum'),
        metrics.metric(METRICS.remindersLate, 'Sum'),
        metrics.metric(METRICS.remindersNotSent, 'Sum'),
        metrics.metric(METRICS.remindersPossibleDuplicate, 'Sum'),
      ]),
      telling,
    ],
    [
      graph(
        'Share of the doses that were told on time',
        8,
        [metrics.metric(METRICS.remindersOnTime, 'Average')],
        { value: 0.999, label: 'objective' },
      ),
      telling,
    ],
    [
      graph('Doses whose record stayed open; schedules in the default time zone', 8, [
        metrics.metric(METRICS.recordsLeftOpen, 'Sum'),
        metrics.metric(METRICS.defaultTimeZoneUsed, 'Sum'),
      ]),
      { priorities: ['CRITICAL', 'HIGH'] },
    ],
  ];
}

function messageRow(metrics: JobMetrics, { reconciler, usersApi }: JobFunctions): GraphAndBehind[] {
  return [
    [
      graph('Follow-ups and escalations', 12, [
        metrics.metric(METRICS.followUpsPublished, 'Sum'),
        metrics.metric(METRICS.escalationsPublished, 'Sum'),
        metrics.metric(METRICS.escalationsWithoutCaregiver, 'Sum'),
      ]),
      { priorities: ['CRITICAL'], functions: [usersApi] },
    ],
    [
      graph('Who hears of doses: confirmed subscriptions of the topic', 12, [
        metrics.metric(METRICS.confirmedSubscriptions, 'Maximum', {}, 1),
      ]),
      { functions: [reconciler] },
    ],
  ];
}

function checkRow(metrics: JobMetrics): GraphAndBehind[] {
  return [
    [
      graph('Refill checks by urgency; changes that were told', 8, [
        metrics.metric(METRICS.refillChecksOut, 'Sum'),
        metrics.metric(METRICS.refillChecksNow, 'Sum'),
        metrics.metric(METRICS.refillChecksSoon, 'Sum'),
        metrics.metric(METRICS.refillChecksOk, 'Sum'),
        metrics.metric(METRICS.refillChecksNotKnown, 'Sum'),
        metrics.metric(METRICS.supplyChangesTold, 'Sum'),
      ]),
      { priorities: prioritiesOf('refill-check', 'supply-monitor') },
    ],
    [
      graph('Findings of interaction checks by level', 8, [
        metrics.metric(METRICS.findingsContraindicated, 'Sum'),
        metrics.metric(METRICS.findingsMajor, 'Sum'),
        metrics.metric(METRICS.findingsModerate, 'Sum'),
        metrics.metric(METRICS.findingsMinor, 'Sum'),
      ]),
      { priorities: prioritiesOf('interaction-check') },
    ],
    [
      graph('Interaction checks, and those that were incomplete or failed', 8, [
        // Without labels the two lines of one metric are told apart by their statistic only.
        metrics.metric(METRICS.interactionChecksIncomplete, 'SampleCount').with({ label: 'checks' }),
        metrics.metric(METRICS.interactionChecksIncomplete, 'Sum').with({ label: 'incomplete or failed' }),
        metrics.metric(METRICS.referenceUnusable, 'Sum'),
      ]),
      { priorities: prioritiesOf('interaction-check') },
    ],
  ];
}

const prioritiesOf = (...names: readonly string[]): readonly Priority[] =>
  PRIORITY_NAMES.filter((priority) =>
    JOB_KINDS.some((kind) => names.includes(kind.name) && kind.priorities.includes(priority)),
  );
