import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import { graph, linksBelow } from './dashboard-widgets.ts';
import type { JobMetrics } from './job-metrics.ts';

export interface ClinicalDashboardProps {
  readonly name: string;
  readonly functions: JobFunctions;
  readonly metrics: JobMetrics;
}

/** One page for who answers for the patients: what became of reminders, supplies and checks. Numbers only, nobody's in particular. */
export class ClinicalDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { functions, metrics, name }: ClinicalDashboardProps) {
    super(scope, id);
    const { tick, tickShard, usersApi, workers } = functions;
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.hours(24),
      widgets: [
        reminderRow(metrics),
        messageRow(metrics),
        linksBelow(Stack.of(this), {
          functions: [tick, tickShard, workers.CRITICAL, workers.HIGH, usersApi],
        }),
        checkRow(metrics),
        linksBelow(Stack.of(this), { functions: Object.values(workers) }),
      ],
    });
  }
}

function reminderRow(metrics: JobMetrics): IWidget[] {
  return [
    graph('Reminders by outcome', 8, [
      metrics.metric(METRICS.remindersPublished, 'Sum'),
      metrics.metric(METRICS.remindersLate, 'Sum'),
      metrics.metric(METRICS.remindersNotSent, 'Sum'),
      metrics.metric(METRICS.remindersPossibleDuplicate, 'Sum'),
    ]),
    graph(
      'Share of the doses that were told on time',
      8,
      [metrics.metric(METRICS.remindersOnTime, 'Average')],
      {
        value: 0.999,
        label: 'objective',
      },
    ),
    graph('Doses whose record stayed open; schedules in the default time zone', 8, [
      metrics.metric(METRICS.recordsLeftOpen, 'Sum'),
      metrics.metric(METRICS.defaultTimeZoneUsed, 'Sum'),
    ]),
  ];
}

function messageRow(metrics: JobMetrics): IWidget[] {
  return [
    graph('Follow-ups and escalations', 12, [
      metrics.metric(METRICS.followUpsPublished, 'Sum'),
      metrics.metric(METRICS.escalationsPublished, 'Sum'),
      metrics.metric(METRICS.escalationsWithoutCaregiver, 'Sum'),
    ]),
    graph('Who hears of doses: confirmed subscriptions of the topic', 12, [
      metrics.metric(METRICS.confirmedSubscriptions, 'Maximum', {}, 1),
    ]),
  ];
}

function checkRow(metrics: JobMetrics): IWidget[] {
  return [
    graph('Refill checks by urgency; changes that were told', 8, [
      metrics.metric(METRICS.refillChecksOut, 'Sum'),
      metrics.metric(METRICS.refillChecksNow, 'Sum'),
      metrics.metric(METRICS.refillChecksSoon, 'Sum'),
      metrics.metric(METRICS.refillChecksOk, 'Sum'),
      metrics.metric(METRICS.refillChecksNotKnown, 'Sum'),
      metrics.metric(METRICS.supplyChangesTold, 'Sum'),
    ]),
    graph('Findings of interaction checks by level', 8, [
      metrics.metric(METRICS.findingsContraindicated, 'Sum'),
      metrics.metric(METRICS.findingsMajor, 'Sum'),
      metrics.metric(METRICS.findingsModerate, 'Sum'),
      metrics.metric(METRICS.findingsMinor, 'Sum'),
    ]),
    graph('Interaction checks, and those that were incomplete or failed', 8, [
      // Without labels the two lines of one metric are told apart by their statistic only.
      metrics.metric(METRICS.interactionChecksIncomplete, 'SampleCount').with({ label: 'checks' }),
      metrics.metric(METRICS.interactionChecksIncomplete, 'Sum').with({ label: 'incomplete or failed' }),
      metrics.metric(METRICS.referenceUnusable, 'Sum'),
    ]),
  ];
}
