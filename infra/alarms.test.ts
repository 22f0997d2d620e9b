import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_PREFIX, submitPath } from '#shared/contract/routes.ts';
import { JOB_KINDS, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { RUNBOOK } from './observability/runbook.ts';
import type { StageName } from './stages.ts';

/** The specification's `alerts`, once more and by hand. */
const ERROR_PERCENT = 1;
const LATENCY_MS = 1_000;
const FLOOR = 'IF(n >= 20, 100 * e / n, IF(e >= 3, 100, 0))';
/** Of what runs a few times a day three failures never come together. */
const BEYOND = '(e - MAX([e - e, e0, e1, e2, e3, e4, e5]))';
const FLOOR_BEYOND_ONE = `IF(n >= 20, 100 * ${BEYOND} / n, IF(${BEYOND} >= 3, 100, 0))`;
const FLOOR_OF_RARE = 'IF(n >= 20, 100 * e / n, IF(e >= 1, 100, 0))';

const PARTS = ['Meaning', 'Who is hurt', 'How to look', 'How to fix', 'How to know it is fixed'];

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly AlarmActions?: unknown[];
  readonly OKActions?: unknown[];
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Statistic?: string;
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly ReturnData?: boolean;
    readonly MetricStat?: {
      readonly Stat: string;
      readonly Period: number;
      readonly Metric: {
        readonly Namespace: string;
        readonly MetricName: string;
        readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
      };
    };
  }[];
}

const alarmsOf = (stage: StageName): [string, AlarmProperties][] =>
  Object.entries(synthesiseStage(stage).watch.findResources('AWS::CloudWatch::Alarm')).map(
    ([id, { Properties }]) => [id, Properties],
  );

const expressionOf = ({ Metrics = [] }: AlarmProperties) =>
  Metrics.find(({ Expression }) => Expression)?.Expression ?? '';

/** Each input of an alarm's expression: name, statistic, dimensions. */
const inputsOf = ({ Metrics = [] }: AlarmProperties) =>
  Object.fromEntries(
    Metrics.flatMap(({ Id, MetricStat }) =>
      MetricStat
        ? [
            [
              Id,
              {
                name: `${MetricStat.Metric.Namespace}/${MetricStat.Metric.MetricName}`,
                statistic: MetricStat.Stat,
                dimensions: Object.fromEntries(
                  (MetricStat.Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]),
                ),
              },
            ],
          ]
        : [],
    ),
  );

const runbook = readFileSync(join(import.meta.dirname, '../docs/runbook.md'), 'utf8');
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n')[0]?.toLowerCase().replaceAll(' ', '-'), section]),
);

describe.each(['dev', 'prod'] as const)('the alarms of %s', (stage) => {
  it('each says how bad it is, who is hurt, and which section of the runbook helps', () => {
    expect(alarmsOf(stage).length).toBeGreaterThan(40);
    for (const [id, { AlarmDescription, AlarmActions, OKActions }] of alarmsOf(stage)) {
      const said =
        /^Severity: (critical|high|medium|low)\. Impact: (.{20,}\.) Runbook: docs\/runbook\.md#([a-z-]+)$/.exec(
          AlarmDescription,
        );
      expect(said, `${id}: ${AlarmDescription}`).not.toBeNull();
      expect([...sections.keys()], id).toContain(said?.[3]);
      // Parts of a composite alarm leave the telling to it.
      const quiet = /reminderburn|Endpointsapierrors/.test(id);
      const told = quiet ? undefined : [{ Ref: expect.stringMatching(/^AlarmTopic/) }];
      expect([AlarmActions, OKActions]).toEqual([told, told]);
    }
  });

  it('every rate has the floor, and every percentile enough samples', () => {
    const math = alarmsOf(stage).filter(([, alarm]) => alarm.Metrics);
    for (const [id, alarm] of math) {
      const expression = expressionOf(alarm);
      const known =
        expression === FLOOR ||
        expression === FLOOR_OF_RARE ||
        expression === FLOOR_BEYOND_ONE ||
        expression === 'v + w' ||
        /^SUM\(\[e0(, e\d)+\]\)$/.test(expression) ||
        expression === 'IF(n - s >= 3, (n - s) / n / 0.001, 0)' ||
        /^IF\(n >= (20|1), t, 0\)$/.test(expression) ||
        expression.startsWith(
          `SELECT SUM(dead_letters) FROM SCHEMA("MedicationJobs/${stage}", kind, priority)`,
        );
      expect(known, `${id}: ${expression}`).toBe(true);
      expect(expression).not.toMatch(/FILL|RATE\(/);
    }
  });

  it('silence is no breach, except where it is the failure', () => {
    const silent = alarmsOf(stage).filter(([, { TreatMissingData }]) => TreatMissingData !== 'notBreaching');
    expect(
      silent.map(([id, { TreatMissingData }]) => [id.replace(/Alarm\w+$/, ''), TreatMissingData]),
    ).toEqual([
      ['WatchRemindersticksilent', 'breaching'],
      ['WatchRemindersshardssilent', 'breaching'],
      ['WatchSealseallate', 'breaching'],
      ['WatchBackupsbackupold', 'breaching'],
      ['WatchBackupsrestoredrillold', 'breaching'],
      ['WatchKeyskeysunusable', 'breaching'],
      ['WatchFlowoverduecritical', 'breaching'],
      ...[
        'auditseal',
        'erasure',
        'hourlyrollup',
        'dailyrollup',
        'dailypeoplerollup',
        'monthlyrollup',
        'dailybackup',
        'weeklybackup',
        'monthlyrestoredrill',
        'dailysupplysweep',
      ].map((name) => [`WatchSchedules${name}silent`, 'breaching']),
    ]);
  });

  it.each(PUBLIC_KINDS.map(({ name }) => name))(
    'the endpoint of %s has both, with the specified thresholds',
    (kind) => {
      const path = `${API_PREFIX}${submitPath(kind)}`;
      const own = alarmsOf(stage).filter(([, alarm]) => {
        const inputs = Object.values(inputsOf(alarm));
        return inputs.length > 0 && inputs.every(({ dimensions }) => dimensions['Resource'] === path);
      });
      const where = expect.objectContaining({
        Method: 'POST',
        Resource: path,
        ApiName: `medication-jobs-${stage}`,
      });
      const steady = {
        EvaluationPeriods: 5,
        DatapointsToAlarm: 3,
        ComparisonOperator: 'GreaterThanThreshold',
      };
      expect(own).toHaveLength(2);
      const [errors, latency] = own.map(([, alarm]) => alarm);
      expect(errors).toMatchObject({ Threshold: ERROR_PERCENT, ...steady });
      expect(inputsOf(errors as AlarmProperties)).toEqual({
        n: { name: 'AWS/ApiGateway/Count', statistic: 'SampleCount', dimensions: where },
        e: { name: 'AWS/ApiGateway/5XXError', statistic: 'Sum', dimensions: where },
      });
      expect(latency).toMatchObject({ Threshold: LATENCY_MS, ...steady });
      expect(inputsOf(latency as AlarmProperties)).toEqual({
        n: { name: 'AWS/ApiGateway/Count', statistic: 'SampleCount', dimensions: where },
        t: { name: 'AWS/ApiGateway/Latency', statistic: 'p99', dimensions: where },
      });
    },
  );

  it.each(JOB_KINDS.map((kind) => [kind.name, kind] as const))(
    'the execution of %s has both, per priority',
    (name, kind) => {
      for (const priority of kind.priorities) {
        const own = alarmsOf(stage).filter(([, alarm]) =>
          Object.values(inputsOf(alarm)).some(
            ({ dimensions }) => dimensions['kind'] === name && dimensions['priority'] === priority,
          ),
        );
        const dimensions = { kind: name, priority };
        expect(own).toHaveLength(2);
        const [errors, latency] = own.map(([, alarm]) => alarm);
        expect(errors?.Threshold).toBe(ERROR_PERCENT);
        const rare =
          /^(backup|backup-segment|backup-export|backup-export-files|analytics-roll-up|supply-sweep|import|import-chunk|interaction-recheck|restore-drill)$/.test(
            name,
          );
        expect(expressionOf(errors as AlarmProperties)).toBe(rare ? FLOOR_OF_RARE : FLOOR);
        expect(inputsOf(errors as AlarmProperties)).toEqual({
          n: { name: `MedicationJobs/${stage}/error_rate`, statistic: 'SampleCount', dimensions },
          e: { name: `MedicationJobs/${stage}/error_rate`, statistic: 'Sum', dimensions },
        });
        expect(latency?.Threshold).toBe(kind.executionObjective.ms);
        expect(inputsOf(latency as AlarmProperties)).toEqual({
          n: { name: `MedicationJobs/${stage}/execution_time`, statistic: 'SampleCount', dimensions },
          t: { name: `MedicationJobs/${stage}/execution_time`, statistic: 'p99', dimensions },
        });
      }
    },
  );

  it('the four interactive kinds keep the specified latency threshold', () => {
    const interactive = ['medication-reminder', 'refill-check', 'interaction-check', 'supply-monitor'];
    const kinds = JOB_KINDS.filter(({ name }) => interactive.includes(name));
    expect(kinds.map(({ executionObjective }) => executionObjective.ms)).toEqual(
      interactive.map(() => LATENCY_MS),
    );
  });

  it('a drill that died and a widget that fails ring once each', () => {
    const own = (id: string) => alarmsOf(stage).find(([name]) => name.startsWith(id))?.[1];
    const once = { Threshold: 0, DatapointsToAlarm: 1, EvaluationPeriods: 1 };
    const died = own('WatchBackupsrestoredrilldied');
    expect(died).toMatchObject(once);
    expect(expressionOf(died as AlarmProperties)).toMatch(
      /^SELECT SUM\(dead_letters\) FROM SCHEMA\(.*\) WHERE kind = 'restore-drill'$/,
    );
    expect(own('WatchRoundswidgetfailing')).toMatchObject({
      ...once,
      MetricName: 'Errors',
      Statistic: 'Sum',
    });
  });

  it('are as many, and cost as much, as docs/architecture.md says', () => {
    const alarms = alarmsOf(stage).map(([, alarm]) => alarm);
    const looks = alarms.map(({ Metrics }) =>
      Metrics ? Metrics.filter(({ MetricStat }) => MetricStat).length : 1,
    );
    const metrics = looks.reduce((sum, count) => sum + count, 0);
    const composites = Object.keys(
      synthesiseStage(stage).watch.findResources('AWS::CloudWatch::CompositeAlarm'),
    );
    const page = readFileSync(join(import.meta.dirname, '../docs/architecture.md'), 'utf8');
    expect(page.split('\n').find((line) => line.startsWith('| alarms: '))).toBe(
      `| alarms: ${alarms.length} that look at ${metrics} metrics, $0.10 each, five of them at whichever \`dead_letters\` there are; ${composites.length} composite ones, $0.50 each | $${Math.round(metrics / 10 + composites.length / 2)} |`,
    );
    expect(looks.filter((count) => count === 0)).toHaveLength(5);
  });

  it('one error of any function is enough', () => {
    const { service } = synthesiseStage(stage);
    const once = alarmsOf(stage).filter(
      ([, { DatapointsToAlarm, EvaluationPeriods, Threshold }]) =>
        Threshold === 0 && DatapointsToAlarm === 1 && EvaluationPeriods === 1,
    );
    const watched = once.flatMap(([, { Dimensions = [], MetricName, Metrics = [], Namespace }]) => {
      const inputs = Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
      // CloudWatch takes no more in an alarm.
      expect(inputs.length).toBeLessThanOrEqual(10);
      return [{ Dimensions, MetricName, Namespace }, ...inputs]
        .filter(({ MetricName, Namespace }) => Namespace === 'AWS/Lambda' && MetricName === 'Errors')
        .flatMap(({ Dimensions }) => Object(Dimensions?.[0]?.Value).Ref);
    });
    expect(watched.sort()).toEqual(Object.keys(service.findResources('AWS::Lambda::Function')).sort());
  });

  it('one dead letter is enough, of each priority', () => {
    for (const priority of PRIORITY_NAMES) {
      const own = alarmsOf(stage).filter(([, alarm]) =>
        expressionOf(alarm).includes(`priority = '${priority}'`),
      );
      expect(own).toHaveLength(1);
      expect(own[0]?.[1]).toMatchObject({ Threshold: 0, DatapointsToAlarm: 1, EvaluationPeriods: 1 });
    }
  });
});

describe('the runbook', () => {
  it('has a section for every alarm, and no section that no alarm leads to', () => {
    expect(
      [...sections.keys()]
        .filter(
          (name) =>
            !/^(first-look|deployments|pausing-a-priority|operators’-commands|records-of-a-user-cannot-be-read)$/.test(
              name ?? '',
            ),
        )
        .sort(),
    ).toEqual(Object.values(RUNBOOK).sort());
    const composites = synthesiseStage('prod').watch.findResources('AWS::CloudWatch::CompositeAlarm');
    const used = [
      ...alarmsOf('prod').map(([, alarm]) => alarm),
      ...Object.values(composites).map(({ Properties }): AlarmProperties => Properties),
    ].map(({ AlarmDescription }) => AlarmDescription.split('#')[1]);
    expect([...new Set(used)].sort()).toEqual(Object.values(RUNBOOK).sort());
  });

  it('has no command with a payload that the AWS CLI takes for base64, and none without the file that it needs', () => {
    const commands = [...runbook.matchAll(/aws lambda invoke (?:[^`\n\\]|\\\n)+/g)].map(([one]) => one);
    expect(commands.length).toBeGreaterThan(2);
    for (const one of commands) {
      if (one.includes('--payload')) expect(one).toContain('--cli-binary-format raw-in-base64-out');
      expect(one).toMatch(/ \/dev\/(stdout|null)$/);
    }
  });

  it('names in angle brackets are outputs of the stack that serves, and runs by hand are runs', () => {
    const named = [...runbook.matchAll(/<([A-Z]\w+)>/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    const { Outputs } = synthesiseStage('prod').service.toJSON();
    for (const name of named) expect(Object.keys(Outputs)).toContain(name);
    const rules = JSON.stringify(synthesiseStage('prod').service.findResources('AWS::Events::Rule'));
    const scheduled = [...rules.matchAll(/run\W+([\w-]+)/g)].map(([, run]) => run);
    const runs = [...runbook.matchAll(/"run":"([\w-]+)"/g)].map(([, run]) => run);
    expect(runs.length).toBeGreaterThan(1);
    for (const run of runs) expect([...scheduled, 'restore-drill']).toContain(run);
  });

  it.each(Object.values(RUNBOOK))('%s says everything that is needed', (name) => {
    const bold = [...(sections.get(name) ?? '').matchAll(/^- \*\*(.+?):\*\*/gm)].map(([, part]) => part);
    expect(bold).toEqual(PARTS);
  });
});

interface Placed {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title?: string; readonly markdown?: string };
}

/** The widgets of each dashboard; what is only known when it is deployed has its logical name. */
const dashboards = (): readonly Placed[][] =>
  Object.values(synthesiseStage('dev').watch.findResources('AWS::CloudWatch::Dashboard')).map(
    ({ Properties }) => {
      const parts: unknown[] = Properties.DashboardBody['Fn::Join'][1];
      const text = parts.map((part) =>
        typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', ''),
      );
      return JSON.parse(text.join('')).widgets;
    },
  );

describe('the dashboards', () => {
  const body = () => JSON.stringify(synthesiseStage('dev').watch.findResources('AWS::CloudWatch::Dashboard'));

  it('is one of three, with a row for every kind', () => {
    const names = Object.values(synthesiseStage('dev').watch.findResources('AWS::CloudWatch::Dashboard')).map(
      ({ Properties }) => Properties.DashboardName,
    );
    expect(names.sort()).toEqual([
      'medication-jobs-dev',
      'medication-jobs-dev-capacity',
      'medication-jobs-dev-clinical',
    ]);
    for (const { name } of JOB_KINDS) expect(body()).toContain(`${name}: execution p99`);
  });

  it('graphs of queues name their lines by priority: names of queues are generated', () => {
    for (const priority of PRIORITY_NAMES)
      expect(body().match(new RegExp(`label\\\\":\\\\"${priority}\\\\"`, 'g'))?.length).toBe(3);
  });

  it('the cost of jobs counts what API Gateway takes, and its title says what is left out', () => {
    expect(body()).toMatch(/Dollars for thousand jobs: [^"]*API \(without logs, messages[^"]*% more\)/);
    expect(body()).toContain('4.1 * a');
  });

  it('have below each graph links to what it is about; those of kinds lead to their queues, functions and logs', () => {
    for (const widgets of dashboards())
      for (const graph of widgets.filter(({ type }) => type === 'metric')) {
        const { title } = graph.properties;
        const below = widgets.find(
          ({ type, x, y, width }) =>
            type === 'text' &&
            y === graph.y + graph.height &&
            x <= graph.x &&
            x + width >= graph.x + graph.width,
        );
        const text = below?.properties.markdown ?? '';
        expect(text, title).toMatch(/\[(function|table)\]\(https:/);
        const kind = JOB_KINDS.find(({ name }) => title?.startsWith(`${name}: `));
        for (const priority of kind?.priorities ?? [])
          for (const what of ['queue', 'dead letters', 'function', 'logs'])
            expect(text, title).toMatch(new RegExp(`\\*\\*${priority}\\*\\*[^·]* ?\\[${what}\\]`));
      }
  });

  it('links onward to every function, its log group, and every queue', () => {
    const service = synthesiseStage('dev').service;
    const refs = new Set([...body().matchAll(/"Ref":"(\w+)"/g)].map(([, id]) => id));
    const missing = [
      ...Object.keys(service.findResources('AWS::Lambda::Function')),
      ...Object.keys(service.findResources('AWS::Logs::LogGroup')).filter((id) => id.startsWith('Functions')),
    ].filter((id) => !refs.has(id));
    expect(missing).toEqual([]);
    for (const priority of PRIORITY_NAMES) expect(body()).toContain(`Queues${priority}`);
    for (const table of ['jobs', 'records', 'audit']) expect(body()).toContain(`**${table}** [table](`);
  });
});
