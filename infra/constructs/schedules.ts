import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, type LambdaFunctionProps } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { RecurringEvent } from '#shared/contract/functions.ts';
import { SEAL_MINUTE } from '#shared/evidence/seal.ts';
import { ERASURE_SECONDS, RECURRING_SECONDS, ROUND_SECONDS, SEAL_SECONDS } from './function-sizes.ts';
import type { JobFunctions } from './job-functions.ts';

/** A few minutes after the hour: the outcome rows of its last second are then all there. */
const HOURLY = Schedule.cron({ minute: '5' });
/** Each hour: in some hour the day ends in the deployment's own zone, and the job of that day is made once. */
const DAILY_ROLL_UP = Schedule.cron({ minute: '20' });
/** Each day: after the roll-up of the last day, wherever it ends. */
const MONTHLY_ROLL_UP = Schedule.cron({ minute: '50', hour: '13' });
/** UTC; the backup is a scan and runs at LOW priority, so the hour matters little. */
const DAILY_BACKUP = Schedule.cron({ minute: '40', hour: '2' });
/** UTC; the early morning of the Americas and the day of Europe, so that who runs low is told while pharmacies are open. */
const DAILY_SUPPLY_SWEEP = Schedule.cron({ minute: '10', hour: '11' });

/** What happens by itself: a tick and a reconciler each minute, roll-ups, a backup and a look at everybody's supply. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, props: { functions: JobFunctions; lostEvents: IQueue }) {
    super(scope, id);
    const { tick, reconciler, recurring, erasure, auditSeal } = props.functions;
    // EventBridge would go on for a day by default; a round that comes late is worth nothing, the next has begun.
    const round: LambdaFunctionProps = {
      maxEventAge: Duration.seconds(ROUND_SECONDS),
      deadLetterQueue: props.lostEvents,
    };
    const everyMinute = Schedule.rate(Duration.minutes(1));
    for (const [name, { lambda }] of Object.entries({ Tick: tick, Reconciler: reconciler }))
      new Rule(this, name, { schedule: everyMinute, targets: [new LambdaFunction(lambda, round)] });
    const submit = (name: string, schedule: Schedule, run: RecurringEvent['run']) => {
      // The event's own time, so that a repeated event makes the same job.
      const event = RuleTargetInput.fromObject({ run, time: EventField.time } satisfies RecurringEvent);
      const target = new LambdaFunction(recurring.lambda, {
        event,
        maxEventAge: Duration.seconds(RECURRING_SECONDS),
        // What EventBridge could not even hand over; what the function could not do, Lambda sends there.
        deadLetterQueue: props.lostEvents,
      });
      new Rule(this, name, { schedule, targets: [target] });
    };
    const seal = new LambdaFunction(auditSeal.lambda, {
      maxEventAge: Duration.seconds(SEAL_SECONDS),
      deadLetterQueue: props.lostEvents,
    });
    new Rule(this, 'AuditSeal', {
      schedule: Schedule.cron({ minute: String(SEAL_MINUTE) }),
      targets: [seal],
    });
    const erase = new LambdaFunction(erasure.lambda, {
      maxEventAge: Duration.seconds(ERASURE_SECONDS),
      deadLetterQueue: props.lostEvents,
    });
    new Rule(this, 'Erasure', { schedule: Schedule.rate(Duration.minutes(15)), targets: [erase] });
    submit('HourlyRollUp', HOURLY, 'hourly-roll-up');
    submit('DailyRollUp', DAILY_ROLL_UP, 'daily-roll-up');
    submit('MonthlyRollUp', MONTHLY_ROLL_UP, 'monthly-roll-up');
    submit('DailyBackup', DAILY_BACKUP, 'daily-backup');
    submit('DailySupplySweep', DAILY_SUPPLY_SWEEP, 'daily-supply-sweep');
  }
}
