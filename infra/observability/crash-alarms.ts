import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { JobFunction } from '../constructs/job-function.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import { JobAlarm } from './job-alarm.ts';
import { functionMetric } from './metric-factory.ts';
import { RUNBOOK } from './runbook.ts';
import { NEVER } from './thresholds.ts';

const REQUESTS = 'At least one request was answered with a server error; its caller has to repeat it.';

/** A function that threw, ran out of time or memory, or died, even once. Alarms look at ten metrics at most: hence the groups. */
export class CrashAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(scope: Construct, id: string, { functions, topic }: { functions: JobFunctions; topic: Topic }) {
    super(scope, id);
    const { auditApi, breakGlassApi, importsApi, interactionsApi, jobsApi, notFound } = functions;
    const { operationsApi, rightsApi, usersApi, operationsWidget } = functions;
    const submissions = [...functions.submit.values()];
    const others = [auditApi, breakGlassApi, importsApi, interactionsApi, jobsApi, notFound];
    const answering = [...others, operationsApi, rightsApi, usersApi];
    const workers = Object.values(functions.workers);
    // The widget has an alarm of its own.
    const named = new Set([...submissions, ...answering, ...workers, operationsWidget]);
    const groups: readonly (readonly [string, readonly JobFunction[], string])[] = [
      ['submit', submissions, REQUESTS],
      ['api', answering, REQUESTS],
      ['workers', workers, 'At least one attempt was cut off: its job is repeated and comes late.'],
      [
        'background',
        functions.all.filter((fn) => !named.has(fn)),
        'At least one round, schedule or message was cut off: what it does is repeated and comes late.',
      ],
    ];
    this.alarms = groups.map(
      ([name, members, impact]) =>
        new JobAlarm(this, `${name}-crashed`, {
          metric: errorsOfAny(members),
          ...NEVER,
          severity: 'medium',
          impact,
          runbook: RUNBOOK.functionError,
          topic,
        }),
    );
  }
}

/** `SUM`, since a function that was not called has no datapoint, and `+` would then have none either. */
function errorsOfAny(functions: readonly JobFunction[]): MathExpression {
  const usingMetrics = Object.fromEntries(
    functions.map((fn, index) => [`e${index}`, functionMetric(fn, 'errors')]),
  );
  return new MathExpression({
    expression: `SUM([${Object.keys(usingMetrics).join(', ')}])`,
    usingMetrics,
    period: Duration.minutes(NEVER.pace.periodMinutes),
    label: 'errors of functions',
  });
}
