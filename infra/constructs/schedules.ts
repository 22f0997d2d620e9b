import { Duration } from 'aws-cdk-lib';
import { EventField, type IRule, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
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
/** As above, of the last day whose numbers of people may be told. */
const DAILY_PEOPLE_ROLL_UP = Schedule.cron({ minute: '35' });
/** Each day: after the roll-ups of the last days, wherever they end. */
const MONTHLY_ROLL_UP = Schedule.cron({ minute: '50', hour: '13' });
/** UTC; a backup runs at LOW priority, so the hour matters little. */
const DAILY_BACKUP = Schedule.cron({ minute: '40', hour: '2' });
/** Each day: the job of a week is made once, on Sunday, or on the first day on which that is possible. */
const WEEKLY_BACKUP = Schedule.cron({ minute: '40', hour: '3' });
/** UTC; the early morning of the Americas and the day of Europe, so that who runs low is told while pharmacies are open. */
const DAILY_SUPPLY_SWEEP = Schedule.cron({ minute: '10', hour: '11' });

/** Each day: the job of a month is made once, on its first day, or on the first on which that is possible. After a backup. */
const MONTHLY_DRILL = Schedule.cron({ minute: '10', hour: '6' });

/** A rule of EventBridge and how often it runs. */
export interface WatchedRule {
  readonly name: string;
  readonly rule: IRule;
  readonly everyHours: number;
}

/** What happens by itself: a tick and a reconciler each minute, roll-ups, backups and a look at everybody's supply. */
export class Schedules extends Construct {
  /** The rules that nothing else notices when they stop, with the hours after which each must have run. */
  readonly watched: readonly WatchedRule[];

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
      return new Rule(this, name, { schedule, targets: [target] });
    };
    const seal = new LambdaFunction(auditSeal.lambda, {
      maxEventAge: Duration.seconds(SEAL_SECONDS),
      deadLetterQueue: props.lostEvents,
    });
    const sealing = new Rule(this, 'AuditSeal', {
      schedule: Schedule.cron({ minute: String(SEAL_MINUTE) }),
      targets: [seal],
    });
    const erase = new LambdaFunction(erasure.lambda, {
      maxEventAge: Duration.seconds(ERASURE_SECONDS),
      deadLetterQueue: props.lostEvents,
    });
    const erasing = new Rule(this, 'Erasure', {
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [erase],
    });
    this.watched = [
      { name: 'audit-seal', rule: sealing, everyHours: 1 },
      { name: 'erasure', rule: erasing, everyHours: 1 },
      { name: 'hourly-roll-up', rule: submit('HourlyRollUp', HOURLY, 'hourly-roll-up'), everyHours: 1 },
      { name: 'daily-roll-up', rule: submit('DailyRollUp', DAILY_ROLL_UP, 'daily-roll-up'), everyHours: 1 },
      {
        name: 'daily-people-roll-up',
        rule: submit('DailyPeopleRollUp', DAILY_PEOPLE_ROLL_UP, 'daily-people-roll-up'),
        everyHours: 1,
      },
      {
        name: 'monthly-roll-up',
        rule: submit('MonthlyRollUp', MONTHLY_ROLL_UP, 'monthly-roll-up'),
        everyHours: 24,
      },
      { name: 'daily-backup', rule: submit('DailyBackup', DAILY_BACKUP, 'daily-backup'), everyHours: 24 },
      { name: 'weekly-backup', rule: submit('WeeklyBackup', WEEKLY_BACKUP, 'weekly-backup'), everyHours: 24 },
      {
        name: 'monthly-restore-drill',
        rule: submit('MonthlyRestoreDrill', MONTHLY_DRILL, 'monthly-restore-drill'),
        everyHours: 24,
      },
      {
        name: 'daily-supply-sweep',
        rule: submit('DailySupplySweep', DAILY_SUPPLY_SWEEP, 'daily-supply-sweep'),
        everyHours: 24,
      },
    ];
  }
}
