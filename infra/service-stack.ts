import { CfnOutput, Lazy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { IssuerConfig } from '#shared/contract/issuers.ts';
import { API_PREFIX } from '#shared/contract/routes.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { connectQueues } from './constructs/event-sources.ts';
import { acceptedIssuers } from './constructs/issuers.ts';
import { JobApi } from './constructs/job-api.ts';
import { JobFunctions } from './constructs/job-functions.ts';
import { JobQueues } from './constructs/job-queues.ts';
import { ReminderChannels } from './constructs/reminder-channels.ts';
import { Schedules } from './constructs/schedules.ts';
import { WebAcl } from './constructs/web-acl.ts';
import type { DataStack } from './data-stack.ts';
import { AlarmTopic } from './observability/alarm-topic.ts';
import { EachBreakGlass } from './observability/each-break-glass.ts';
import { deadLetterQueueOutput, functionOutput, OUTPUTS, queueOutput } from './outputs.ts';
import type { Stage } from './stages.ts';

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly extraIssuers: readonly IssuerConfig[];
}

/** Everything that runs: queues, functions, schedules, the API, and the topic of the alarms, whose subscribers stay. */
export class ServiceStack extends Stack {
  readonly queues: JobQueues;
  readonly channels: ReminderChannels;
  readonly functions: JobFunctions;
  readonly api: JobApi;
  readonly schedules: Schedules;
  readonly alarmTopic: AlarmTopic;

  constructor(scope: Construct, id: string, { stage, data, extraIssuers, ...props }: ServiceStackProps) {
    super(scope, id, props);
    const { keys, tables, drillTables, buckets, pools } = data;
    const logKey = keys.logs;
    this.queues = new JobQueues(this, 'Queues', { stage, key: keys.data });
    this.channels = new ReminderChannels(this, 'Reminders', {
      key: keys.data,
      busName: `medication-jobs-${stage.name}`,
      lostEvents: this.queues.lostEvents,
    });
    this.functions = new JobFunctions(this, 'Functions', {
      stage,
      logKey,
      // The API is made of functions, so it is made after them.
      apiUrl: Lazy.string({ produce: () => apiUrl(stage, this.api) }),
      issuers: this.toJsonString(acceptedIssuers(stage, pools, extraIssuers)),
      resources: { keys, tables, drillTables, buckets, queues: this.queues, channels: this.channels },
    });
    connectQueues(stage, this.queues, this.functions);
    this.schedules = new Schedules(this, 'Schedules', {
      functions: this.functions,
      lostEvents: this.queues.lostEvents,
    });
    this.api = new JobApi(this, 'JobApi', { stage, functions: this.functions, logKey });
    if (stage.webAcl)
      new WebAcl(this, 'WebAcl', { stage, stageArn: this.api.api.deploymentStage.stageArn, logKey });
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      key: keys.alarms,
      email: stage.alarmEmail,
      lostEvents: this.queues.lostEvents,
    });
    new EachBreakGlass(this, 'EachBreakGlass', {
      bus: this.channels.bus,
      topic: this.alarmTopic.topic,
      key: keys.alarms,
      lostEvents: this.queues.lostEvents,
    });
    this.#outputs();
  }

  #outputs(): void {
    const output = (name: string, value: string) => new CfnOutput(this, name, { value });
    const { api } = this.api;
    output(OUTPUTS.apiUrl, api.url);
    output(OUTPUTS.apiId, api.restApiId);
    output(OUTPUTS.apiStage, api.deploymentStage.stageName);
    output(OUTPUTS.topicArn, this.channels.topic.topicArn);
    output(OUTPUTS.busName, this.channels.bus.eventBusName);
    output(OUTPUTS.alarmTopicArn, this.alarmTopic.topic.topicArn);
    output(OUTPUTS.tickQueueUrl, this.queues.tick.queueUrl);
    output(OUTPUTS.tickDeadLetterQueueUrl, this.queues.tickDeadLetters.queueUrl);
    for (const priority of PRIORITY_NAMES) {
      const { source, deadLetters } = this.queues.byPriority[priority];
      output(queueOutput(priority), source.queueUrl);
      output(deadLetterQueueOutput(priority), deadLetters.queueUrl);
    }
    for (const fn of this.functions.all) output(functionOutput(fn.name, fn.variant), fn.lambda.functionName);
  }
}

/** As the widget calls it: on a laptop it is the front that serves the API. */
const apiUrl = ({ laptopSettings }: Stage, { api }: JobApi): string =>
  laptopSettings ? `http://127.0.0.1:${laptopSettings.frontPort}${API_PREFIX}` : api.urlForPath(API_PREFIX);
