import { describe, expect, it } from 'vitest';
import { API_PREFIX, ROUTES, submitPath } from '#shared/contract/routes.ts';
import { PROBLEMS, type ProblemCode } from '#shared/errors/problem-error.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
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
        fn: `${family}api`,
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
    expect(permissions).toHaveLength(PUBLIC_KINDS.length + 4);
    for (const { SourceArn } of permissions) expect(JSON.stringify(SourceArn)).toMatch(/"Ref":"JobApi/);
  });

  it('logs routes and not URLs, and neither traces nor bodies', () => {
    const { AccessLogSetting, MethodSettings, TracingEnabled } = stageOf(stage);
    const line: Record<string, string> = JSON.parse(AccessLogSetting.Format);
    expect(line['route']).toBe('$context.resourcePath');
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
    expect(rateOf('/~1api~1v1~1jobs~1backup')).toBeLessThan(rateOf('/~1api~1v1~1jobs~1refill-check'));
  });

  it('can write its logs: the account’s role is set before the stage is made', () => {
    const [accountId] = Object.keys(service(stage).findResources('AWS::ApiGateway::Account'));
    const dependsOn = Object.values(service(stage).findResources('AWS::ApiGateway::Stage'))[0]?.['DependsOn'];
    expect(accountId).toBeDefined();
    expect(dependsOn).toContain(accountId);
    expect(dependsOn).toContainEqual(expect.stringMatching(/^JobApiExecutionLog/));
  });
});

describe('what API Gateway answers by itself', () => {
  const responses = () =>
    Object.values(service('prod').findResources('AWS::ApiGateway::GatewayResponse')).map(
      ({ Properties }) => Properties,
    );

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
  const TYPES =
    'ACCESS_DENIED API_CONFIGURATION_ERROR AUTHORIZER_CONFIGURATION_ERROR AUTHORIZER_FAILURE BAD_REQUEST_BODY ' +
    'BAD_REQUEST_PARAMETERS DEFAULT_4XX DEFAULT_5XX EXPIRED_TOKEN INTEGRATION_FAILURE INTEGRATION_TIMEOUT ' +
    'INVALID_API_KEY INVALID_SIGNATURE MISSING_AUTHENTICATION_TOKEN QUOTA_EXCEEDED REQUEST_TOO_LARGE ' +
    'RESOURCE_NOT_FOUND THROTTLED UNAUTHORIZED UNSUPPORTED_MEDIA_TYPE WAF_FILTERED';

  it('covers every type of answer', () => {
    expect(
      responses()
        .map(({ ResponseType }) => ResponseType)
        .sort(),
    ).toEqual(TYPES.split(' '));
  });

  it('has the form of all other errors, and never repeats what was sent', () => {
    for (const { ResponseType, StatusCode, ResponseTemplates, ResponseParameters } of responses()) {
      const template: string = ResponseTemplates['application/json'];
      const body: Record<string, unknown> = JSON.parse(template);
      const code = body['code'] as ProblemCode; // What it is, the next line finds out.
      expect(Object.keys(PROBLEMS)).toContain(code);
      expect(body).toEqual({
        type: `urn:medication-jobs:problem:${code}`,
        ...PROBLEMS[code],
        detail: expect.stringMatching(/\.$/),
        code,
        correlation_id: '$context.requestId',
      });
      if (!ResponseType.startsWith('DEFAULT_')) expect(StatusCode).toBe(String(PROBLEMS[code].status));
      expect(ResponseParameters['gatewayresponse.header.Content-Type']).toBe("'application/problem+json'");
      expect(template.match(/\$\w+/g)).toEqual(['$context']);
    }
  });
});

describe.each(['dev', 'prod'] as const)('before the API of %s', (stage) => {
  const acl = () => Object.values(service(stage).findResources('AWS::WAFv2::WebACL'))[0]?.['Properties'];
  const rule = (name: string) => acl().Rules.find(({ Name }: { Name: string }) => Name === name);

  it('stands a firewall that looks at whole bodies', () => {
    expect(Object.keys(service(stage).findResources('AWS::WAFv2::WebACLAssociation'))).toHaveLength(1);
    expect(acl().AssociationConfig.RequestBody.API_GATEWAY.DefaultSizeInspectionLimit).toBe('KB_64');
    for (const name of [
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesAmazonIpReputationList',
    ])
      expect(rule(name)?.OverrideAction).toEqual({ None: {} });
    expect(rule('requests-per-address')?.Statement.RateBasedStatement.Limit).toBeGreaterThan(0);
  });

  it('counts AWS’s limit of 8 KB and sets its own of 64 KB, answered as 413', () => {
    const { RuleActionOverrides } = rule('AWSManagedRulesCommonRuleSet').Statement.ManagedRuleGroupStatement;
    expect(RuleActionOverrides).toEqual([{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }]);
    expect(rule('body-size')).toMatchObject({
      Action: { Block: { CustomResponse: { ResponseCode: 413, CustomResponseBodyKey: 'body_too_large' } } },
      Statement: { SizeConstraintStatement: { ComparisonOperator: 'GT', Size: 65_536 } },
    });
    expect(JSON.parse(acl().CustomResponseBodies.body_too_large.Content)).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });

  it('its log has the name that the service demands, without paths, queries and tokens', () => {
    const logging = Object.values(service(stage).findResources('AWS::WAFv2::LoggingConfiguration'))[0]?.[
      'Properties'
    ];
    expect(logging.RedactedFields).toEqual(
      expect.arrayContaining([
        { UriPath: {} },
        { QueryString: {} },
        { SingleHeader: { Name: 'authorization' } },
      ]),
    );
    const groups = Object.values(service(stage).findResources('AWS::Logs::LogGroup'));
    expect(groups.map(({ Properties }) => Properties.LogGroupName)).toContain(
      `aws-waf-logs-medication-jobs-${stage}`,
    );
    expect(
      acl().Rules.every(
        ({ VisibilityConfig }: { VisibilityConfig: { SampledRequestsEnabled: boolean } }) =>
          !VisibilityConfig.SampledRequestsEnabled,
      ),
    ).toBe(true);
  });

  it('clients speak TLS 1.2 or newer', () => {
    const api = Object.values(service(stage).findResources('AWS::ApiGateway::RestApi'))[0]?.['Properties'];
    expect(api.SecurityPolicy).toMatch(/^SecurityPolicy_TLS13_1_2_/);
  });
});

it('a laptop has no firewall: its emulator has none to offer', () => {
  expect(service('local').findResources('AWS::WAFv2::WebACL')).toEqual({});
});
