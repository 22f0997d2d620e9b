import {
  CfnOutput,
  CrossStackReferences,
  ReferenceStrength,
  Stack,
  type StackProps,
  Tags,
} from 'aws-cdk-lib';
import { Dashboard, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { DataStack } from './data-stack.ts';
import { FULL } from './observability/dashboard-widgets.ts';
import { Watch } from './observability/watch.ts';
import { OUTPUTS } from './outputs.ts';
import type { ServiceStack } from './service-stack.ts';
import type { Stage } from './stages.ts';

export interface WatchStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly service: ServiceStack;
  /** Changes with what is watched; without it a stack that is the same is not deployed again. */
  readonly watched?: string | undefined;
}

/** What watches over the other two: alarms, dashboards, saved queries. It keeps nothing and can be made anew at any time. */
export class WatchStack extends Stack {
  readonly watch: Watch;

  constructor(scope: Construct, id: string, { stage, data, service, watched, ...props }: WatchStackProps) {
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
    if (watched) this.#follow(watched);
    new CfnOutput(this, OUTPUTS.dashboard, { value: this.watch.dashboard.dashboard.dashboardName });
  }

  /**
   * CloudFormation reads a weak reference when the resource that has it is changed, so each of them has to change with what
   * it refers to: alarms by a tag, dashboards by a line, saved queries by a comment.
   */
  #follow(watched: string): void {
    Tags.of(this).add('watched', watched);
    for (const one of this.node.findAll()) {
      if (one instanceof Dashboard)
        one.addWidgets(
          new TextWidget({ width: FULL, height: 1, markdown: `These graphs look at \`${watched}\`.` }),
        );
      if (one instanceof CfnQueryDefinition) one.queryString = `# ${watched}\n${one.queryString}`;
    }
  }
}
