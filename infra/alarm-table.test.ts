import { describe, expect, it } from 'vitest';
import { API_PREFIX, submitPath } from '#shared/contract/routes.ts';
import { JOB_KINDS, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import type { StageName } from './stages.ts';

// What each alarm looks at and when it rings, once more and by hand: whoever changes a number changes it here as well.

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface AlarmProperties extends Readonly<Record<string, unknown>> {
  readonly AlarmDescription: string;
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly Period?: number;
    readonly MetricStat?: { readonly Metric: Metric; readonly Stat: string; readonly Period: number };
  }[];
}

const FLOOR = 'IF(n >= 20, 100 * e / n, IF(e >= 3, 100, 0))';
const FLOOR_OF_RARE = 'IF(n >= 20, 100 * e / n, IF(e >= 1, 100, 0))';
const BEYOND = '(e - MAX([e - e, e0, e1, e2, e3, e4, e5]))';
const BURN = 'IF(n - s >= 3, (n - s) / n / 0.001, 0)';

/** Kinds that run a few times a day: each run counts. */
const RARE = [
  ...[
    'analytics-roll-up',
    'backup',
    'backup-segment',
    'backup-export',
    'backup-export-files',
    'supply-sweep',
  ],
  ...['import', 'import-chunk', 'interaction-recheck', 'restore-drill'],
];

/** The form of alarms on one dead-letter queue. */
const stuck = (queue: string) =>
  `v + w; v = Minimum AWS/SQS/ApproximateNumberOfMessagesVisible(${queue}) 300s; w = Minimum AWS/SQS/ApproximateNumberOfMessagesNotVisible(${queue}) 300s > 0, 3 of 3`;
const dead = (where: string, seconds = 300) =>
  `SELECT SUM(dead_letters) FROM SCHEMA("own", kind, priority) WHERE ${where} ${seconds}s > 0, 1 of 1`;
const wait = (priority: string) =>
  `IF(n >= 20, t, 0); n = SampleCount queue_wait(${priority}) 300s; t = p95 queue_wait(${priority}) 300s`;
const silent = (rule: string, hours: number) =>
  `high: Sum AWS/Events/Invocations(${rule}) 3600s < 1 or silence, ${hours} of ${hours}`;
const crashed = (functions: readonly string[]) =>
  [
    `medium: SUM([${functions.map((_, index) => `e${index}`).join(', ')}])`,
    ...functions.map((name, index) => `e${index} = Sum AWS/Lambda/Errors(Functions${name}) 300s`),
  ]
    .join('; ')
    .concat(' > 0, 1 of 1');
const burn = (seconds: number, factor: number) =>
  `${BURN}; n = SampleCount reminders_on_time ${seconds}s; s = Sum reminders_on_time ${seconds}s > ${factor}, 1 of 1`;

const BY_NAME: Readonly<Record<string, string>> = {
  Objectivereminderburnfast60minutes: `critical: ${burn(3600, 14.4)}`,
  Objectivereminderburnfast5minutes: `critical: ${burn(300, 14.4)}`,
  Objectivereminderburnslow360minutes: `high: ${burn(21600, 6)}`,
  Objectivereminderburnslow30minutes: `high: ${burn(1800, 6)}`,
  Remindersticklag: 'critical: Maximum tick_lag 60s > 120, 2 of 3',
  Remindersticksilent: 'critical: Sum AWS/Lambda/Invocations(Functionstick) 60s < 1 or silence, 3 of 5',
  Remindersshardssilent: 'critical: SampleCount tick_lag 60s < 8 or silence, 3 of 5',
  Remindersreminderslate: 'medium: Sum reminders_late 300s > 0, 1 of 1',
  Remindersrecordsleftopen: 'medium: Sum records_left_open 300s > 0, 1 of 1',
  Remindersremindersnotsent: 'high: Sum reminders_not_sent 300s > 0, 1 of 1',
  Remindersnosubscribers: 'critical: Maximum confirmed_subscriptions 60s < 1, 3 of 5',
  Roundstickfailing: 'critical: Sum AWS/Lambda/Errors(Functionstick) 300s > 2, 1 of 1',
  Roundstickshardfailing: 'critical: Sum AWS/Lambda/Errors(Functionstickshard) 300s > 2, 1 of 1',
  Roundsreconcilerfailing: 'high: Sum AWS/Lambda/Errors(Functionsreconciler) 300s > 2, 1 of 1',
  Roundsdeadletterfailing: 'high: Sum AWS/Lambda/Errors(Functionsdeadletter) 300s > 2, 1 of 1',
  Roundsrunsfailing: 'high: Sum run_failures 60s > 0, 3 of 5',
  Roundswidgetfailing: 'medium: Sum AWS/Lambda/Errors(Functionsoperationswidget) 300s > 0, 1 of 1',
  Roundstickdeadletters:
    'high: Maximum AWS/SQS/ApproximateNumberOfMessagesVisible(QueuesTickDeadLetters) 300s > 0, 1 of 1',
  Crashessubmitcrashed: crashed([
    'submitjobmedicationreminder',
    'submitjobrefillcheck',
    'submitjobinteractioncheck',
    'submitjobsupplymonitor',
    'submitjobanalyticsrollup',
    'submitjobbackup',
  ]),
  Crashesapicrashed: crashed([
    'auditapi',
    'breakglassapi',
    'importsapi',
    'interactionsapi',
    'jobsapi',
    'notfound',
    'operationsapi',
    'rightsapi',
    'usersapi',
  ]),
  Crashesworkerscrashed: crashed(['workercritical', 'workerhigh', 'workermedium', 'workerlow']),
  Crashesbackgroundcrashed: crashed([
    'deadletter',
    'tick',
    'tickshard',
    'reconciler',
    'recurring',
    'erasure',
    'auditseal',
    'changelog',
    'restoredrill',
  ]),
  Sealseallate: 'high: Maximum seal_lag 3600s > 7200 or silence, 2 of 2',
  Sealsealfailing: 'high: Sum AWS/Lambda/Errors(Functionsauditseal) 3600s > 2, 1 of 1',
  Sealtrailmalformed: 'high: Sum malformed_audit_entries 3600s > 0, 1 of 1',
  Backupsbackupold: 'high: Maximum backup_age 3600s > 93600 or silence, 2 of 2',
  Backupsrestoredrillfailed: 'high: Minimum restore_drills_passed 3600s < 1, 1 of 1',
  Backupsrestoredrilldied: `high: ${dead("kind = 'restore-drill'", 3_600)}`,
  Backupsrestoredrillold: 'medium: Maximum restore_drill_age 3600s > 3024000 or silence, 2 of 2',
  Backupschangeloglate: 'high: Maximum AWS/Lambda/IteratorAge(Functionschangelog) 300s > 900000, 3 of 3',
  Keyskeysunusable: 'critical: Maximum keys_unusable 60s > 0 or silence, 3 of 5',
  Flowdeadletterscritical: `critical: ${dead("priority = 'CRITICAL'")}`,
  Flowdeadlettersstuckcritical: `critical: ${stuck('QueuesCRITICALDeadLetters')}`,
  Flowoverduecritical: 'critical: Maximum oldest_overdue(CRITICAL) 60s > 60 or silence, 3 of 5',
  Flowdeadlettershigh: `high: ${dead("priority = 'HIGH'")}`,
  Flowdeadlettersstuckhigh: `high: ${stuck('QueuesHIGHDeadLetters')}`,
  Flowoverduehigh: 'high: Maximum oldest_overdue(HIGH) 60s > 300, 3 of 5',
  Flowdeadlettersmedium: `medium: ${dead("priority = 'MEDIUM'")}`,
  Flowdeadlettersstuckmedium: `medium: ${stuck('QueuesMEDIUMDeadLetters')}`,
  Flowoverduemedium: 'medium: Maximum oldest_overdue(MEDIUM) 60s > 900, 3 of 5',
  Flowdeadletterslow: `medium: ${dead("priority = 'LOW'")}`,
  Flowdeadlettersstucklow: `medium: ${stuck('QueuesLOWDeadLetters')}`,
  Flowoverduelow: 'medium: Maximum oldest_overdue(LOW) 60s > 3600, 3 of 5',
  Flowwaitcritical: `critical: ${wait('CRITICAL')} > 2000, 3 of 5`,
  Flowwaithigh: `high: ${wait('HIGH')} > 10000, 3 of 5`,
  Flowlostevents: 'medium: Sum AWS/SQS/NumberOfMessagesSent(QueuesLostEvents) 300s > 0, 1 of 1',
  Flowreferenceunusable: 'high: Sum reference_unusable 300s > 0, 1 of 1',
  Flowthrottledfunctions: 'high: Sum AWS/Lambda/Throttles 300s > 0, 3 of 5',
  Flowconcurrency: 'medium: Maximum AWS/Lambda/ConcurrentExecutions 60s > 800, 3 of 5',
  Schedulesauditsealsilent: silent('SchedulesAuditSeal', 3),
  Scheduleserasuresilent: silent('SchedulesErasure', 3),
  Scheduleshourlyrollupsilent: silent('SchedulesHourlyRollUp', 3),
  Schedulesdailyrollupsilent: silent('SchedulesDailyRollUp', 3),
  Schedulesdailypeoplerollupsilent: silent('SchedulesDailyPeopleRollUp', 3),
  Schedulesmonthlyrollupsilent: silent('SchedulesMonthlyRollUp', 26),
  Schedulesdailybackupsilent: silent('SchedulesDailyBackup', 26),
  Schedulesweeklybackupsilent: silent('SchedulesWeeklyBackup', 26),
  Schedulesmonthlyrestoredrillsilent: silent('SchedulesMonthlyRestoreDrill', 26),
  Schedulesdailysupplysweepsilent: silent('SchedulesDailySupplySweep', 26),
  BreakGlassbreakglassopened: 'high: Maximum break_glass_opened 300s > 0, 1 of 1',
  BreakGlassbreakglassreviewoverdue: 'high: Maximum break_glass_reviews_overdue 60s > 0, 3 of 5',
};

const endpoint = (path: string) => `medication-jobs,POST,${path},JobApiDeploymentStage`;
const paths = PUBLIC_KINDS.map(({ name }) => `${API_PREFIX}${submitPath(name)}`);

const ENDPOINTS = Object.fromEntries(
  PUBLIC_KINDS.flatMap(({ name }, index) => {
    const where = endpoint(paths[index] ?? '');
    const count = `n = SampleCount AWS/ApiGateway/Count(${where}) 300s`;
    const id = `Endpoints${name.replaceAll('-', '')}`;
    return [
      [`${id}errors`, `high: ${FLOOR}; ${count}; e = Sum AWS/ApiGateway/5XXError(${where}) 300s > 1, 3 of 5`],
      [
        `${id}latency`,
        `medium: IF(n >= 20, t, 0); ${count}; t = p99 AWS/ApiGateway/Latency(${where}) 300s > 1000, 3 of 5`,
      ],
    ];
  }),
);

const WHOLE = 'medication-jobs,JobApiDeploymentStage';
const API = {
  Endpointsservererror: `medium: Sum AWS/ApiGateway/5XXError(${WHOLE}) 300s > 0, 1 of 1`,
  Endpointsapierrors: [
    `critical: IF(n >= 20, 100 * ${BEYOND} / n, IF(${BEYOND} >= 3, 100, 0))`,
    `n = SampleCount AWS/ApiGateway/Count(${WHOLE}) 300s`,
    `e = Sum AWS/ApiGateway/5XXError(${WHOLE}) 300s`,
    ...paths.map((path, index) => `e${index} = Sum AWS/ApiGateway/5XXError(${endpoint(path)}) 300s`),
  ]
    .join('; ')
    .concat(' > 1, 3 of 5'),
};

const KINDS = Object.fromEntries(
  JOB_KINDS.flatMap(({ executionObjective, name, priorities }) =>
    priorities.flatMap((priority) => {
      const [floor, enough, seconds, pace] = RARE.includes(name)
        ? [FLOOR_OF_RARE, 1, 3600, '1 of 1']
        : [FLOOR, 20, 300, '3 of 5'];
      const of = (metric: string) => `${metric}(${name},${priority}) ${seconds}s`;
      const id = `Kinds${name.replaceAll('-', '')}${priority.toLowerCase()}`;
      const failing = priority === 'CRITICAL' || priority === 'HIGH' ? 'high' : 'medium';
      const slow = priority === 'CRITICAL' ? 'high' : 'low';
      return [
        [
          `${id}errors`,
          `${failing}: ${floor}; n = SampleCount ${of('error_rate')}; e = Sum ${of('error_rate')} > 1, ${pace}`,
        ],
        [
          `${id}latency`,
          `${slow}: IF(n >= ${enough}, t, 0); n = SampleCount ${of('execution_time')}; t = p99 ${of('execution_time')} > ${executionObjective.ms}, ${pace}`,
        ],
      ];
    }),
  ),
);

function lookText({ Dimensions = [], MetricName, Namespace }: Metric, statistic: unknown, seconds: unknown) {
  const where = Dimensions.map(({ Value }) => {
    const [, ref, attribute] = /"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"/.exec(JSON.stringify(Value)) ?? [];
    return (ref ?? attribute ?? String(Value)).replace(/(Function)?[0-9A-F]{8}$/, '');
  });
  const name = Namespace.startsWith('AWS/') ? `${Namespace}/${MetricName}` : MetricName;
  return `${statistic} ${name}${where.length > 0 ? `(${where})` : ''} ${seconds}s`;
}

/** An alarm as one line. The metrics of the stage itself stand without their namespace. */
function lineOf(alarm: AlarmProperties, stage: StageName): string {
  const { AlarmDescription, Metrics, Threshold, DatapointsToAlarm, EvaluationPeriods, TreatMissingData } =
    alarm;
  const looks = (Metrics ?? []).map(({ Expression, Id, MetricStat, Period }) => {
    if (MetricStat) return `${Id} = ${lookText(MetricStat.Metric, MetricStat.Stat, MetricStat.Period)}`;
    return Period === undefined ? Expression : `${Expression} ${Period}s`;
  });
  const looked = Metrics ? looks.join('; ') : lookText(Object(alarm), alarm['Statistic'], alarm['Period']);
  const operator = { GreaterThanThreshold: '>', LessThanThreshold: '<' }[String(alarm['ComparisonOperator'])];
  const silence = TreatMissingData === 'breaching' ? ' or silence' : '';
  return `${/^Severity: (\w+)/.exec(AlarmDescription)?.[1]}: ${looked} ${operator} ${Threshold}${silence}, ${DatapointsToAlarm} of ${EvaluationPeriods}`
    .replaceAll(`MedicationJobs/${stage}`, 'own')
    .replaceAll(`medication-jobs-${stage}`, 'medication-jobs')
    .replaceAll(new RegExp(`Stage${stage}\\b`, 'g'), 'Stage');
}

describe.each(['dev', 'prod'] as const)('each alarm of %s', (stage) => {
  const alarms = synthesiseStage(stage).watch.findResources('AWS::CloudWatch::Alarm');

  it('looks at what is said here, and rings when it is said here', () => {
    const lines = Object.entries(alarms).map(([id, { Properties }]) => [
      id.replace(/^Watch(\w+)Alarm[0-9A-F]{8}$/, '$1'),
      lineOf(Properties, stage),
    ]);
    expect(Object.fromEntries(lines)).toEqual({ ...ENDPOINTS, ...API, ...KINDS, ...BY_NAME });
  });

  it('looks back no further than CloudWatch does', () => {
    for (const [id, { Properties }] of Object.entries(alarms)) {
      const [first, second] = Properties.Metrics ?? [Properties];
      const seconds = first.Period ?? second.MetricStat.Period;
      expect(seconds * Properties.EvaluationPeriods, id).toBeLessThanOrEqual(
        (seconds < 3_600 ? 1 : 7) * 86_400,
      );
    }
  });
});
