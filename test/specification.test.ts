import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { submitSchema } from '#functions/http/submit-schema.ts';
import { synthesiseStage } from '#infra/constructs/testing/synthesise-stage.ts';
import { createLog } from '#shared/adapters/log.ts';
import { METRICS } from '#shared/contract/metrics.ts';
import { PROBLEMS } from '#shared/errors/problem-error.ts';
import { kindsByName, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { maxAttempts, PRIORITIES, type Priority } from '#shared/lifecycle/priority.ts';
import { fieldsOf, flat, readSpecification, type Schema } from './builders/specification-page.ts';
import { allowedCaller, createAllRolesIssuer, createSubmitBench } from './builders/submit-bench.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const specification = readSpecification();
const endpoints = Object.entries(specification.endpoints);

type Properties = Readonly<Record<string, unknown>>;
let resources: readonly (readonly [string, { readonly Type: string; readonly Properties: Properties }])[];
/** Resources of one type with their logical ids; the caller says which properties it looks at. */
const ofType = <Looked extends object>(type: string): readonly (Looked & { readonly id: string })[] =>
  resources
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => ({ ...(Properties as Looked), id }));

beforeAll(() => {
  const { data, service, watch } = synthesiseStage('prod');
  resources = [data, service, watch].flatMap((template) =>
    Object.entries(template.toJSON()['Resources'] as Record<string, never>),
  );
}, 60_000);

describe('endpoints', () => {
  it('are the public kinds of the registry, all on the critical path with full validation', () => {
    expect(endpoints.map(([name]) => name).sort()).toEqual(PUBLIC_KINDS.map(({ name }) => name).sort());
    expect(endpoints.every(([, one]) => one.critical_path && one.validation === 'full')).toBe(true);
  });

  it.each(endpoints)(
    '%s: its schema has exactly these fields, types and required members',
    (name, endpoint) => {
      const schema: Schema = submitSchema(kindsByName().get(name)?.schema ?? {});
      const body = Object.entries(flat(endpoint.body)).map(([path, type]) => [
        path,
        { type, required: !endpoint.may_be_left_out.includes(path) },
      ]);
      const additions = { ...endpoint.additions, ...flat(specification.additions_everywhere.body) };
      const optional = Object.entries(additions).map(([path, type]) => [path, { type, required: false }]);
      expect(fieldsOf(schema)).toEqual(Object.fromEntries([...body, ...optional]));
    },
  );

  it.each(endpoints)(
    '%s: the template has its method, served by its own function',
    (name, { path, method }) => {
      const parts = new Map(
        ofType<{ ParentId: { Ref?: string }; PathPart: string }>('AWS::ApiGateway::Resource').map(
          ({ id, ParentId, PathPart }) => [id, { parent: ParentId.Ref ?? '', part: PathPart }] as const,
        ),
      );
      const pathOf = (id: string): string => {
        const own = parts.get(id);
        return own ? `${pathOf(own.parent)}/${own.part}` : '';
      };
      const methods = ofType<{ HttpMethod: string; ResourceId: { Ref?: string } }>(
        'AWS::ApiGateway::Method',
      ).filter(
        ({ HttpMethod, ResourceId }) => HttpMethod === method && pathOf(ResourceId.Ref ?? '') === path,
      );
      expect(methods).toHaveLength(1);
      const serving = functions().filter(({ id }) => JSON.stringify(methods).includes(`"${id}"`));
      expect(serving.map((one) => one.Environment?.Variables['JOB_KIND'])).toEqual([name]);
    },
  );

  it.each(endpoints)(
    '%s: takes the two headers, and an accepted job leaves its evidence',
    async (name, { evidence }) => {
      const kind = kindsByName().get(name);
      if (!kind) throw new Error(`There is no kind ${name}.`);
      const bench = createSubmitBench(kind, await createAllRolesIssuer());
      const { 'Content-Type': contentType = '', Authorization = '' } = specification.headers;
      expect(Authorization).toBe('Bearer <token>');
      const { status } = await bench.post(kind.example, allowedCaller(kind), {
        headers: { 'Content-Type': contentType },
      });
      expect(status).toBe(202);
      const left = {
        metrics: bench.metrics.all.length > 0,
        logs: bench.log.all.length > 0,
        audit_trail: bench.db.audit.size > 0,
      };
      expect(Object.fromEntries(evidence.map((kindOf) => [kindOf, true]))).toEqual(left);
    },
  );
});

it('the additional header makes a request safe to repeat', async () => {
  const [kind] = PUBLIC_KINDS;
  if (!kind) throw new Error('There is no public kind.');
  const bench = createSubmitBench(kind, await createAllRolesIssuer());
  const [name = ''] = specification.additions_everywhere.headers;
  const submit = () =>
    bench.post(kind.example, allowedCaller(kind), {
      headers: { 'Content-Type': 'application/json', [name]: 'once' },
    });
  const [first, second] = [await submit(), await submit()];
  expect(second).toMatchObject({ status: 202, body: first.body });
  expect(bench.db.rows.size).toBe(1);
});

describe('priorities', () => {
  it('are those of the code', () => {
    const inCode = Object.entries(PRIORITIES).map(([name, { description, maxRetry, retryDelaySeconds }]) => [
      name,
      { description, max_retry: maxRetry, retry_delay: retryDelaySeconds },
    ]);
    expect(specification.priorities).toEqual(Object.fromEntries(inCode));
  });

  it.each(Object.entries(specification.priorities))(
    '%s: its queue makes a message visible again after the delay and gives it up after limit + 1 receives',
    (name, { max_retry, retry_delay }) => {
      const worker = functions().find((one) => one.Environment?.Variables['PRIORITY'] === name);
      const source = ofType<{
        FunctionName: { Ref: string };
        EventSourceArn: { 'Fn::GetAtt': readonly string[] };
      }>('AWS::Lambda::EventSourceMapping').find(({ FunctionName }) => FunctionName.Ref === worker?.id);
      const queue = ofType('AWS::SQS::Queue').find(
        ({ id }) => id === source?.EventSourceArn['Fn::GetAtt'][0],
      );
      expect(queue).toMatchObject({
        VisibilityTimeout: retry_delay,
        RedrivePolicy: { maxReceiveCount: max_retry + 1 },
      });
      expect(maxAttempts(name as Priority)).toBe(max_retry + 1);
    },
  );
});

describe('validation', () => {
  it('has its seven steps as calls of the handler, in this order', () => {
    const calls = [...read('functions/submit-job/handler.ts').matchAll(/\b(\w+)\([^\n]*\); \/\/ (\d)$/gm)];
    expect(calls.map(([, call, step]) => ({ step: Number(step), call }))).toEqual(
      specification.validation_steps.map(({ step, call }) => ({ step, call })),
    );
  });

  it('has a step for each rule', () => {
    const steps = specification.validation_steps.map(({ call }) => call);
    const stepOf = {
      critical_path: 'recordAcceptance',
      input_validation: 'validateInput',
      authentication: 'authenticate',
      authorization: 'authorize',
      hipaa_compliance: 'verifyCompliance',
    };
    expect(Object.keys(specification.validation_rules)).toEqual(Object.keys(stepOf));
    expect(steps).toEqual(expect.arrayContaining(Object.values(stepOf)));
    const flags = Object.values(specification.validation_rules).flatMap((rule) => Object.values(rule));
    expect(new Set(flags)).toEqual(new Set([true]));
  });

  it('data encryption: every table, queue, topic and log group of the template has a key of the stage', () => {
    const stores = [
      ...ofType<{ SSESpecification?: { KMSMasterKeyId?: object } }>('AWS::DynamoDB::Table').map((one) => ({
        ...one,
        key: one.SSESpecification?.KMSMasterKeyId,
      })),
      ...['AWS::SQS::Queue', 'AWS::SNS::Topic'].flatMap((type) =>
        ofType<{ KmsMasterKeyId?: object }>(type).map((one) => ({ ...one, key: one.KmsMasterKeyId })),
      ),
      ...ofType<{ KmsKeyId?: object }>('AWS::Logs::LogGroup').map((one) => ({ ...one, key: one.KmsKeyId })),
    ];
    expect(stores.length).toBeGreaterThan(20);
    expect(stores.filter(({ key }) => key === undefined)).toEqual([]);
  });
});

describe('monitoring', () => {
  const { metrics, alerts, logging } = specification.monitoring;

  it('has its metrics', () => {
    expect(Object.values(METRICS)).toEqual(expect.arrayContaining([...metrics]));
  });

  it.each(endpoints)('%s: alarms of the endpoint stand at the thresholds', (_, { path }) => {
    expect(thresholdsOf('Resource', path, '5XXError')).toEqual([alerts.error_threshold]);
    expect(thresholdsOf('Resource', path, 'Latency')).toEqual([alerts.latency_threshold]);
  });

  it.each(endpoints)('%s: alarms of the attempts stand at the thresholds, one per priority', (name) => {
    const kind = kindsByName().get(name);
    const each = (value: unknown) => kind?.priorities.map(() => value);
    const objective = specification.execution_objectives_ms[name];
    expect(kind?.executionObjective.ms).toBe(objective);
    expect(thresholdsOf('kind', name, 'error_rate')).toEqual(each(alerts.error_threshold));
    expect(thresholdsOf('kind', name, 'execution_time')).toEqual(each(objective));
  });

  it('keeps every log group for the retention time', () => {
    const groups = ofType<{ RetentionInDays?: number }>('AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(10);
    expect(new Set(groups.map(({ RetentionInDays }) => `${RetentionInDays}d`))).toEqual(
      new Set([logging.retention]),
    );
  });

  it('writes structured lines from level INFO on', () => {
    expect(logging.format).toBe('structured');
    const lines: string[] = [];
    const stdout = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((line) => lines.push(String(line)) > 0);
    createLog().info('run.ended', { duration_ms: 1 });
    stdout.mockRestore();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: logging.level, event: 'run.ended' },
    ]);
  });
});

describe('errors', () => {
  it('have exactly these codes by status', () => {
    const byStatus = Object.groupBy(Object.entries(PROBLEMS), ([, { status }]) => String(status));
    expect(specification.error_codes).toEqual(
      Object.fromEntries(
        Object.entries(byStatus).map(([status, codes]) => [status, codes?.map(([code]) => code)]),
      ),
    );
  });

  it.each(Object.entries(specification.error_responses))(
    '%s has its description as title',
    (status, { description }) => {
      const [code = ''] = specification.error_codes[status] ?? [];
      expect(PROBLEMS).toMatchObject({ [code]: { status: Number(status), title: description } });
    },
  );

  it('a 500 raises an alarm, at the first one', () => {
    expect(specification.error_responses['500']?.alert_trigger).toBe(true);
    const atOnce = alarms().filter(
      ({ MetricName, Statistic, Metrics = [], ...alarm }) =>
        alarm.Threshold === 0 &&
        alarm.DatapointsToAlarm === 1 &&
        alarm.ComparisonOperator === 'GreaterThanThreshold' &&
        // An alarm on one metric may name it in either form.
        [{ name: MetricName, statistic: Statistic }, ...Metrics.map(plainMetric)].some(
          ({ name, statistic }) => name === '5XXError' && statistic === 'Sum',
        ),
    );
    expect(atOnce).toHaveLength(1);
  });
});

const functions = () =>
  ofType<{ Environment?: { Variables: Readonly<Record<string, unknown>> } }>('AWS::Lambda::Function');

interface Alarm {
  readonly MetricName?: string;
  readonly Statistic?: string;
  readonly Threshold: number;
  readonly DatapointsToAlarm: number;
  readonly ComparisonOperator: string;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly MetricStat?: {
      readonly Metric: { readonly MetricName: string; readonly Dimensions?: unknown };
      readonly Stat: string;
    };
  }[];
}
const plainMetric = ({ MetricStat }: NonNullable<Alarm['Metrics']>[number]) => ({
  name: MetricStat?.Metric.MetricName,
  statistic: MetricStat?.Stat,
});
const alarms = (): readonly Alarm[] => ofType<Alarm>('AWS::CloudWatch::Alarm');

/** Thresholds of the alarms that look at that metric, and at nothing but that dimension; a percentage as the share that it is. */
function thresholdsOf(dimension: string, value: string, metric: string): readonly number[] {
  const wanted = JSON.stringify({ Name: dimension, Value: value });
  return alarms()
    .filter(({ Metrics = [] }) => {
      const looks = Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
      return (
        looks.some(({ MetricName }) => MetricName === metric) &&
        looks.every(({ Dimensions }) => JSON.stringify(Dimensions)?.includes(wanted))
      );
    })
    .map(({ Metrics = [], Threshold }) => {
      const percent = Metrics.some(({ Expression }) => Expression?.includes('100 * e / n'));
      return percent ? Threshold / 100 : Threshold;
    });
}
