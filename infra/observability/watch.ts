import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { JobApi } from '../constructs/job-api.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
import type { Stage } from '../stages.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { BreakGlassAlarms } from './break-glass-alarms.ts';
import { EndpointAlarms } from './endpoint-alarms.ts';
import { FlowAlarms } from './flow-alarms.ts';
import { JobMetrics } from './job-metrics.ts';
import { KindAlarms } from './kind-alarms.ts';
import { OperationsDashboard } from './operations-dashboard.ts';
import { ReminderAlarms } from './reminder-alarms.ts';
import { RoundAlarms } from './round-alarms.ts';
import { SealAlarms } from './seal-alarms.ts';

export interface WatchProps {
  readonly stage: Stage;
  readonly key: IKey;
  readonly jobApi: JobApi;
  readonly functions: JobFunctions;
  readonly queues: JobQueues;
}

/** Everything that watches over the service: alarms, the topic that they go to, the dashboard. */
export class Watch extends Construct {
  readonly alarmTopic: AlarmTopic;
  readonly dashboard: OperationsDashboard;

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { stage, key, jobApi, functions, queues } = props;
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', { key, email: stage.alarmEmail });
    const { topic } = this.alarmTopic;
    const metrics = new JobMetrics(stage.name);
    const alarms = [
      ...new ReminderAlarms(this, 'Reminders', { stage, metrics, functions, topic }).alarms,
      ...new RoundAlarms(this, 'Rounds', { metrics, queues, functions, topic }).alarms,
      ...new SealAlarms(this, 'Seal', { metrics, functions, topic }).alarms,
      ...new BreakGlassAlarms(this, 'BreakGlass', { metrics, topic }).alarms,
      ...new FlowAlarms(this, 'Flow', { metrics, queues, topic }).alarms,
      ...new EndpointAlarms(this, 'Endpoints', { jobApi, topic }).alarms,
      ...new KindAlarms(this, 'Kinds', { metrics, topic }).alarms,
    ];
    this.dashboard = new OperationsDashboard(this, 'Operations', {
      name: `medication-jobs-${stage.name}`,
      jobApi,
      functions,
      queues,
      alarms,
      metrics,
    });
  }
}
