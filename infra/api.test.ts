import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { API_PREFIX, ROUTES, submitPath } from '#shared/contract/routes.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import packageJson from '../package.json' with { type: 'json' };
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { STAGES, type StageName } from './stages.ts';

const ALL_STAGES = Object.keys(STAGES) as StageName[]; // Object.keys forgets the literal type.
const service = (stage: StageName) => synthesiseStage(stage).service;

/** Every method with its path and the function behind it. */
function methodsOf(stage: StageName) {
  const resources = service(stage).findResources('AWS::ApiGateway::Resource');
  const pathOf = (id: string): string => {
    const properties = resources[id]?.['Properties'];
    return properties ? `${pathOf(properties.ParentId.Ref ?? '')}/${properties.PathPart}` : '';
  };
  return Object.values(service(stage).findResources('AWS::ApiGateway::Method')).map(({ Properties }) => ({
    method: Properties.HttpMethod as string,
    path: pathOf(Properties.ResourceId.Ref ?? '') || '/',
    fn: /Functions([a-z]+)Function/.exec(JSON.stringify(Properties.Integration.Uri))?.[1],
    auth: Properties.AuthorizationType as string,
  }));
}

const stageOf = (stage: StageName) =>
  Object.values(service(stage).findResources('AWS::ApiGateway::Stage'))[0]?.['Properties'];

describe.each(ALL_STAGES)('the API of %s', (stage) => {
  it('has a function of its own behind every job endpoint', () => {
    for (const { name } of PUBLIC_KINDS)
      expect(methodsOf(stage)).toContainEqual({
        method: 'POST',
        path: `${API_PREFIX}${submitPath(name)}`,
        fn: `submitjob${name.replaceAll('-', '')}`,
        auth: 'NONE',
      });
  });

  it.each(Object.entries(ROUTES))(
    'serves %s by the function of its family',
    (_, { method, path, family }) => {
      expect(methodsOf(stage)).toContainEqual({
        method,
        path: `${API_PREFIX}${path}`,
        fn: `${family.replaceAll('-', '')}api`,
        auth: 'NONE',
      });
    },
  );

  it('answers every other method and path by the function for what is unknown', () => {
    const any = methodsOf(stage).filter(({ method }) => method === 'ANY');
    expect(new Set(any.map(({ fn }) => fn))).toEqual(new Set(['notfound']));
    const paths = [...Object.keys(service(stage).findResources('AWS::ApiGateway::Resource')), 'root'];
    expect(any).toHaveLength(paths.length);
    expect(any.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/', '/{proxy+}', '/api/v1/jobs/{job_id}']),
    );
  });

  it('may be invoked by this API only', () => {
    const permissions = Object.values(service(stage).findResources('AWS::Lambda::Permission'))
      .map(({ Properties }) => Properties)
      .filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');
    const families = new Set(Object.values(ROUTES).map(({ family }) => family));
    expect(permissions).toHaveLength(PUBLIC_KINDS.length + families.size + 1);
    for (const { SourceArn } of permissions) expect(JSON.stringify(SourceArn)).toMatch(/"Ref":"JobApi/);
  });

  it('logs routes and not URLs, and neither traces nor bodies', () => {
    const { AccessLogSetting, MethodSettings, TracingEnabled } = stageOf(stage);
    const line: Record<string, string> = JSON.parse(AccessLogSetting.Format);
    expect(line['route']).toBe('$context.resourcePath');
    // Each variable is one that can hold neither an id of a path or query, nor a header, nor who calls.
    expect(Object.values(line).toSorted()).toEqual(
      [
        'error.responseType',
        'httpMethod',
        'integrationLatency',
        'integrationStatus',
        'requestId',
        'requestTimeEpoch',
        'resourcePath',
        'responseLatency',
        'responseLength',
        'status',
        'tlsVersion',
        'wafResponseCode',
      ].map((name) => `$context.${name}`),
    );
    expect(line['correlation_id']).toBe('$context.requestId');
    for (const variable of Object.values(line))
      expect(variable).not.toMatch(/\$context\.path|querystring|header|identity|authorizer|\$input/i);
    expect(TracingEnabled).toBe(false);
    // A method with settings of its own inherits nothing, so each has them all.
    for (const settings of MethodSettings)
      expect(settings).toMatchObject({
        DataTraceEnabled: false,
        LoggingLevel: 'ERROR',
        MetricsEnabled: true,
      });
  });

  it('traces functions by Lambda alone: nothing in the code could put data into a trace', () => {
    const functions = Object.values(service(stage).findResources('AWS::Lambda::Function'));
    for (const { Properties } of functions)
      expect([Properties.TracingConfig?.Mode, Properties.Layers]).toEqual(['Active', undefined]);
    const packages = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies });
    expect(packages.filter((name) => /xray|tracer|opentelemetry/.test(name))).toEqual([]);
    const sources = globSync('{functions,shared}/**/*.ts', { exclude: ['**/*.test.ts'] });
    expect(sources.length).toBeGreaterThan(300);
    for (const file of sources)
      expect([
        file,
        /[a-z]Annotation\(|[a-z]Segment\(|x-ray|_X_AMZN/i.exec(readFileSync(file, 'utf8')),
      ]).toEqual([file, null]);
  });

  it('limits every method, and most of all what reads whole tables', () => {
    const settings: { ResourcePath: string; ThrottlingRateLimit: number; ThrottlingBurstLimit: number }[] =
      stageOf(stage).MethodSettings;
    const rateOf = (path: string) =>
      settings.find(({ ResourcePath }) => ResourcePath === path)?.ThrottlingRateLimit ?? 0;
    expect(
      settings.every(
        ({ ThrottlingRateLimit, ThrottlingBurstLimit }) =>
          ThrottlingRateLimit > 0 && ThrottlingBurstLimit > 0,
      ),
    ).toBe(true);
    expect(rateOf('/*')).toBeGreaterThan(0);
    for (const { name } of PUBLIC_KINDS) expect(rateOf(`/~1api~1v1~1jobs~1${name}`)).toBeGreaterThan(0);
    for (const heavy of ['/~1api~1v1~1jobs~1backup', '/~1api~1v1~1imports'])
      expect(rateOf(heavy)).toBeLessThan(rateOf('/~1api~1v1~1jobs~1refill-check'));
    expect(rateOf('/~1api~1v1~1imports')).toBeGreaterThan(0);
  });

  it('can write its logs: the account’s role is set before the stage is made', () => {
    const [accountId] = Object.keys(service(stage).findResources('AWS::ApiGateway::Account'));
    const dependsOn = Object.values(service(stage).findResources('AWS::ApiGateway::Stage'))[0]?.['DependsOn'];
    expect(accountId).toBeDefined();
    expect(dependsOn).toContain(accountId);
    expect(dependsOn).toContainEqual(expect.stringMatching(/^JobApiExecutionLog/));
  });
});
