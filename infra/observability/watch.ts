import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { JobApi } from '../constructs/job-api.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
import type { Schedules } from '../constructs/schedules.ts';
import type { Stage } from '../stages.ts';
import { BackupAlarms } from './backup-alarms.ts';
import { BreakGlassAlarms } from './break-glass-alarms.ts';
import { CapacityDashboard } from './capacity-dashboard.ts';
import { ClinicalDashboard } from './clinical-dashboard.ts';
import { CrashAlarms } from './crash-alarms.ts';
import { EndpointAlarms } from './endpoint-alarms.ts';
import { FlowAlarms } from './flow-alarms.ts';
import { JobMetrics } from './job-metrics.ts';
import { KeyAlarms } from './key-alarms.ts';
import { KindAlarms } from './kind-alarms.ts';
import { ObjectiveAlarms } from './objective-alarms.ts';
import { OperationsDashboard } from './operations-dashboard.ts';
import { ReminderAlarms } from './reminder-alarms.ts';
import { RoundAlarms } from './round-alarms.ts';
import { SavedQueries } from './saved-queries.ts';
import { ScheduleAlarms } from './schedule-alarms.ts';
import { SealAlarms } from './seal-alarms.ts';
import { SummaryAlarms } from './summary-alarms.ts';

export interface WatchProps {
  readonly stage: Stage;
  /** Where alarms go. */
  readonly topic: Topic;
  readonly jobApi: JobApi;
  readonly functions: JobFunctions;
  readonly queues: JobQueues;
  readonly schedules: Schedules;
  readonly tables: Readonly<Record<string, Table>>;
}

/** Everything that watches over the service: alarms, dashboards, saved queries. */
export class Watch extends Construct {
  readonly dashboard: OperationsDashboard;

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { stage, topic, jobApi, functions, queues, schedules, tables } = props;
    const metrics = new JobMetrics(stage.name);
    const endpoints = new EndpointAlarms(this, 'Endpoints', { jobApi, topic });
    const kinds = new KindAlarms(this, 'Kinds', { metrics, topic });
    const objective = new ObjectiveAlarms(this, 'Objective', { metrics, topic });
    const summary = new SummaryAlarms(this, 'Summary', {
      ofApi: endpoints.ofApi,
      ofKinds: [...endpoints.errors, ...kinds.errors],
      topic,
    });
    const reminders = new ReminderAlarms(this, 'Reminders', { stage, metrics, functions, topic });
    const rounds = new RoundAlarms(this, 'Rounds', { metrics, queues, functions, topic });
    const crashes = new CrashAlarms(this, 'Crashes', { functions, topic });
    const seal = new SealAlarms(this, 'Seal', { metrics, functions, topic });
    const backups = new BackupAlarms(this, 'Backups', { metrics, functions, topic });
    const keys = new KeyAlarms(this, 'Keys', { metrics, topic });
    const flow = new FlowAlarms(this, 'Flow', { stage, metrics, queues, topic });
    const silent = new ScheduleAlarms(this, 'Schedules', { rules: schedules.watched, topic });
    const groups = [
      { title: 'Alarms: the whole', of: [...summary.composites, ...objective.composites] },
      {
        title: 'Alarms: reminders and the flow of jobs',
        of: [reminders, flow].flatMap(({ alarms }) => alarms),
      },
      {
        title: 'Alarms: functions, rounds, schedules, seals, backups, keys',
        of: [crashes, rounds, silent, seal, backups, keys].flatMap(({ alarms }) => alarms),
      },
      {
        title: 'Alarms: emergency access',
        of: new BreakGlassAlarms(this, 'BreakGlass', { metrics, topic }).alarms,
      },
      { title: 'Alarms: endpoints', of: endpoints.alarms },
      { title: 'Alarms: kinds', of: kinds.alarms },
    ];
    const name = `medication-jobs-${stage.name}`;
    this.dashboard = new OperationsDashboard(this, 'Operations', {
      name,
      jobApi,
      functions,
      queues,
      alarms: groups.map(({ of, title }) => ({ title, alarms: of.map(({ alarm }) => alarm) })),
      metrics,
    });
    new SavedQueries(this, 'Queries', { stage: stage.name, functions: functions.all });
    new ClinicalDashboard(this, 'Clinical', { name: `${name}-clinical`, functions, queues, metrics });
    new CapacityDashboard(this, 'Capacity', {
      name: `${name}-capacity`,
      jobApi,
      functions,
      queues,
      tables,
      metrics,
      concurrencyQuota: stage.concurrencyQuota,
    });
  }
}
