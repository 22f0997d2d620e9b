import { CfnOutput, CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DataStack } from './data-stack.ts';
import { Watch } from './observability/watch.ts';
import { OUTPUTS } from './outputs.ts';
import type { ServiceStack } from './service-stack.ts';
import type { Stage } from './stages.ts';

export interface WatchStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly service: ServiceStack;
}

/** What watches over the other two: alarms, dashboards, saved queries. It keeps nothing and can be made anew at any time. */
export class WatchStack extends Stack {
  readonly watch: Watch;

  constructor(scope: Construct, id: string, { stage, data, service, ...props }: WatchStackProps) {
    super(scope, id, props);
    // An import would forbid the service stack to replace or remove whatever a graph shows.
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    this.addStackDependency(service, 'shows its functions, queues and API');
    this.watch = new Watch(this, 'Watch', {
      stage,
      topic: service.alarmTopic.topic,
      jobApi: service.api,
      functions: service.functions,
      queues: service.queues,
      schedules: service.schedules,
      tables: data.tables.byName,
    });
    new CfnOutput(this, OUTPUTS.dashboard, { value: this.watch.dashboard.dashboard.dashboardName });
  }
}
