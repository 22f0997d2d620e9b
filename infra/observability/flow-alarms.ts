import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import { PRIORITIES, PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
import { JobAlarm, type Severity } from './job-alarm.ts';
import {
  functionMetric,
  jobMetric,
  queueMetric,
  sumOverKinds,
  throttledFunctions,
} from './metric-factory.ts';
import { RUNBOOK } from './runbook.ts';
import { AT_ONCE, STEADY } from './thresholds.ts';

/** A job that fails again and again is this many delays old before the queue's metric stops counting it. */
const DELAYS_UNTIL_OLD = 3;
/** The tick reads five minutes ahead: with this much lag it still has two minutes to catch up before doses are late. */
const TICK_LAG_SECONDS = 180;

const SEVERITY: Readonly<Record<Priority, Severity>> = {
  CRITICAL: 'critical',
  HIGH: 'high',
  MEDIUM: 'medium',
  LOW: 'medium',
};

/** Jobs and doses that stop moving: dead letters, old messages, a late or silent tick, events that got lost. */
export class FlowAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(
    scope: Construct,
    id: string,
    props: { queues: JobQueues; functions: JobFunctions; topic: Topic },
  ) {
    super(scope, id);
    this.alarms = [
      ...PRIORITY_NAMES.flatMap((priority) => this.#priority(priority, props.queues, props.topic)),
      ...this.#reminders(props.functions, props.topic),
      ...this.#rounds(props.functions, props.topic),
      ...this.#lost(props.queues, props.topic),
    ];
  }

  #priority(priority: Priority, queues: JobQueues, topic: Topic): readonly JobAlarm[] {
    return [
      new JobAlarm(this, `dead-letters-${priority.toLowerCase()}`, {
        // The queue itself is normally empty: its consumer has read it before anybody looks.
        metric: sumOverKinds(METRICS.deadLetters, priority),
        threshold: 0,
        pace: AT_ONCE,
        severity: SEVERITY[priority],
        impact: `At least one ${priority} job has used up its attempts and will not be done unless somebody retries it.`,
        runbook: RUNBOOK.deadLetters,
        topic,
      }),
      new JobAlarm(this, `queue-age-${priority.toLowerCase()}`, {
        metric: queueMetric(queues.byPriority[priority].source, 'age', 1),
        threshold: DELAYS_UNTIL_OLD * PRIORITIES[priority].retryDelaySeconds,
        pace: { periodMinutes: 1, datapoints: 3, periods: 5 },
        severity: SEVERITY[priority],
        impact: `${priority} jobs wait longer than three retry delays: what they were asked for comes late.`,
        runbook: RUNBOOK.queueAge,
        topic,
      }),
    ];
  }

  #reminders(functions: JobFunctions, topic: Topic): readonly JobAlarm[] {
    return [
      new JobAlarm(this, 'tick-lag', {
        metric: jobMetric(METRICS.tickLag, 'Maximum', {}, 1),
        threshold: TICK_LAG_SECONDS,
        pace: { periodMinutes: 1, datapoints: 2, periods: 3 },
        severity: 'critical',
        impact: 'Patients are about to be reminded late, or are already.',
        runbook: RUNBOOK.tickLag,
        topic,
      }),
      new JobAlarm(this, 'tick-silent', {
        metric: functionMetric(functions.tick, 'invocations', 1),
        threshold: 1,
        below: true,
        silenceBreaches: true,
        pace: { periodMinutes: 1, datapoints: 3, periods: 5 },
        severity: 'critical',
        impact: 'No reminder is prepared at all: in a few minutes patients miss theirs.',
        runbook: RUNBOOK.tickSilent,
        topic,
      }),
      new JobAlarm(this, 'reminders-not-sent', {
        metric: jobMetric(METRICS.remindersNotSent, 'Sum'),
        threshold: 0,
        pace: AT_ONCE,
        severity: 'high',
        impact: 'At least one dose was found too late to remind anybody of it, and was recorded as not sent.',
        runbook: RUNBOOK.remindersNotSent,
        topic,
      }),
    ];
  }

  /** A single failed round is made good by the next one. */
  #rounds(functions: JobFunctions, topic: Topic): readonly JobAlarm[] {
    return [functions.tick, functions.tickShard, functions.reconciler].map(
      (fn) =>
        new JobAlarm(this, `${fn.name}-failing`, {
          metric: functionMetric(fn, 'errors'),
          threshold: 2,
          pace: AT_ONCE,
          severity: fn.name === 'reconciler' ? 'high' : 'critical',
          impact:
            fn.name === 'reconciler'
              ? 'Jobs whose message got lost stay where they are.'
              : 'Reminders are prepared late or not at all.',
          runbook: RUNBOOK.roundFailing,
          topic,
        }),
    );
  }

  #lost(queues: JobQueues, topic: Topic): readonly JobAlarm[] {
    return [
      new JobAlarm(this, 'lost-events', {
        metric: queueMetric(queues.lostEvents, 'waiting'),
        threshold: 0,
        pace: AT_ONCE,
        severity: 'medium',
        impact: 'A roll-up or backup was not started, or a round of the tick or reconciler was lost.',
        runbook: RUNBOOK.lostEvents,
        topic,
      }),
      new JobAlarm(this, 'throttled-functions', {
        metric: throttledFunctions(),
        threshold: 0,
        pace: STEADY,
        severity: 'high',
        impact: 'The account has no executions left: requests are refused and jobs wait.',
        runbook: RUNBOOK.throttledFunctions,
        topic,
      }),
    ];
  }
}
