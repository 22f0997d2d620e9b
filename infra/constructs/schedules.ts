import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { RecurringEvent } from '#shared/contract/functions.ts';
import type { JobFunctions } from './job-functions.ts';

/** A few minutes after the hour: the outcome rows of its last second are then all there. */
const HOURLY = Schedule.cron({ minute: '5' });
const DAILY_ROLL_UP = Schedule.cron({ minute: '20', hour: '0' });
/** UTC; the backup is a scan and runs at LOW priority, so the hour matters little. */
const DAILY_BACKUP = Schedule.cron({ minute: '40', hour: '2' });

/** What happens by itself: a tick and a reconciler each minute, roll-ups and a backup. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, functions: JobFunctions) {
    super(scope, id);
    const everyMinute = Schedule.rate(Duration.minutes(1));
    new Rule(this, 'Tick', { schedule: everyMinute, targets: [new LambdaFunction(functions.tick.lambda)] });
    new Rule(this, 'Reconciler', {
      schedule: everyMinute,
      targets: [new LambdaFunction(functions.reconciler.lambda)],
    });
    const recurring = (name: string, schedule: Schedule, run: RecurringEvent['run']) => {
      // The event's own time, so that a repeated event makes the same job.
      const event = RuleTargetInput.fromObject({ run, time: EventField.time } satisfies RecurringEvent);
      new Rule(this, name, {
        schedule,
        targets: [new LambdaFunction(functions.recurring.lambda, { event })],
      });
    };
    recurring('HourlyRollUp', HOURLY, 'hourly-roll-up');
    recurring('DailyRollUp', DAILY_ROLL_UP, 'daily-roll-up');
    recurring('DailyBackup', DAILY_BACKUP, 'daily-backup');
  }
}
