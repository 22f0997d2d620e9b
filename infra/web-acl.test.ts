import { describe, expect, it } from 'vitest';
import { SECURITY_HEADERS } from '#functions/http/security-headers.ts';
import { problemType } from '#shared/contract/problem-type.ts';
import { BODY_LIMIT_BYTES } from '#shared/contract/routes.ts';
import { PROBLEMS } from '#shared/errors/problem-error.ts';
import { HEADERS } from '#test/canary/hostile-requests.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { STAGES, type StageName } from './stages.ts';

const service = (stage: StageName) => synthesiseStage(stage).service;

/** The one resource of a type with its logical id. */
function only(stage: StageName, type: string) {
  const found = Object.entries(service(stage).findResources(type));
  expect(found).toHaveLength(1);
  const [id = '', resource] = found[0] ?? [];
  return { id, properties: resource?.['Properties'], dependsOn: resource?.['DependsOn'] };
}

describe.each(['dev', 'prod'] as const)('before the API of %s', (stage) => {
  const rules = () =>
    only(stage, 'AWS::WAFv2::WebACL').properties.Rules as {
      Name: string;
      OverrideAction?: object;
      Action?: object;
      Statement: {
        RateBasedStatement?: { Limit: number; EvaluationWindowSec: number };
        ManagedRuleGroupStatement?: { RuleActionOverrides: object[] };
      };
      VisibilityConfig: { SampledRequestsEnabled: boolean };
    }[];
  const rule = (name: string) => rules().find(({ Name }) => Name === name);

  it('stands a firewall that looks at whole bodies', () => {
    expect(only(stage, 'AWS::WAFv2::WebACLAssociation').properties.WebACLArn['Fn::GetAtt'][0]).toBe(
      only(stage, 'AWS::WAFv2::WebACL').id,
    );
    const { AssociationConfig } = only(stage, 'AWS::WAFv2::WebACL').properties;
    expect(AssociationConfig.RequestBody.API_GATEWAY.DefaultSizeInspectionLimit).toBe('KB_64');
    for (const name of [
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesAmazonIpReputationList',
    ])
      expect(rule(name)?.OverrideAction).toEqual({ None: {} });
  });

  it('counts bodies over 8 KB and clients without a name, which the API serves', () => {
    const counted = (Name: string) => ({ Name, ActionToUse: { Count: {} } });
    const group = rule('AWSManagedRulesCommonRuleSet')?.Statement.ManagedRuleGroupStatement;
    expect(group?.RuleActionOverrides).toEqual([
      counted('SizeRestrictions_BODY'),
      counted('NoUserAgent_HEADER'),
    ]);
  });

  it.each([
    ['requests-per-address', 'too_many_requests', { 'retry-after': '300' }],
    ['body-size', 'body_too_large', {}],
  ] as const)('%s answers with the members of a problem document and all headers', (name, code, more) => {
    const bodies = only(stage, 'AWS::WAFv2::WebACL').properties.CustomResponseBodies;
    const answer = Object(rule(name)?.Action).Block.CustomResponse;
    expect(answer.ResponseCode).toBe(PROBLEMS[code].status);
    // The only kind of JSON that the firewall offers.
    expect(bodies[answer.CustomResponseBodyKey].ContentType).toBe('APPLICATION_JSON');
    expect(JSON.parse(bodies[answer.CustomResponseBodyKey].Content)).toEqual({
      type: problemType(code),
      ...PROBLEMS[code],
      detail: expect.stringMatching(/\.$/),
      code,
    });
    expect(
      Object.fromEntries(
        answer.ResponseHeaders.map((one: { Name: string; Value: string }) => [one.Name, one.Value]),
      ),
    ).toEqual({ ...SECURITY_HEADERS, ...more });
  });

  it('refuses bodies beyond the limit of the API wherever it looks, but not imports', () => {
    expect(Object(rule('body-size')?.Statement).AndStatement.Statements).toEqual([
      {
        SizeConstraintStatement: {
          FieldToMatch: { Body: { OversizeHandling: 'MATCH' } },
          ComparisonOperator: 'GT',
          Size: BODY_LIMIT_BYTES,
          TextTransformations: [{ Priority: 0, Type: 'NONE' }],
        },
      },
      {
        NotStatement: {
          Statement: {
            ByteMatchStatement: {
              FieldToMatch: { UriPath: {} },
              PositionalConstraint: 'ENDS_WITH',
              SearchString: '/api/v1/imports',
              TextTransformations: [{ Priority: 0, Type: 'NONE' }],
            },
          },
        },
      },
    ]);
  });

  it('asks nobody else: managed rules answer 403, which API Gateway puts into our form', () => {
    const managed = rules().filter(({ Statement }) => Statement.ManagedRuleGroupStatement);
    expect(managed).toHaveLength(3);
    for (const { Action } of managed) expect(Action).toBeUndefined();
  });

  it('lets a backend behind one address use two methods to the full', () => {
    const { Limit, EvaluationWindowSec } = rule('requests-per-address')?.Statement.RateBasedStatement ?? {};
    const seconds = EvaluationWindowSec ?? 0;
    expect(seconds).toBe(300);
    expect(Limit).toBeGreaterThanOrEqual(2 * STAGES[stage].throttle.usual.rate * seconds);
    expect(Limit).toBeLessThanOrEqual(5 * STAGES[stage].throttle.usual.rate * seconds);
  });

  it('its log has the name that the service demands, without paths, queries and tokens', () => {
    const logging = only(stage, 'AWS::WAFv2::LoggingConfiguration').properties;
    expect(logging.RedactedFields).toEqual(
      expect.arrayContaining([
        { UriPath: {} },
        { QueryString: {} },
        { SingleHeader: { Name: 'authorization' } },
        // Ids of people, and words of the caller's own.
        { SingleHeader: { Name: 'x-on-behalf-of' } },
        { SingleHeader: { Name: 'x-correlation-id' } },
        { SingleHeader: { Name: 'idempotency-key' } },
        { SingleHeader: { Name: 'user-agent' } },
        { SingleHeader: { Name: 'referer' } },
        { SingleHeader: { Name: 'cookie' } },
      ]),
    );
    expect(logging.RedactedFields.length).toBeLessThanOrEqual(100);
    expect(rules().every(({ VisibilityConfig }) => !VisibilityConfig.SampledRequestsEnabled)).toBe(true);
  });

  it('its log keeps what was refused only, without any header of a caller that is known to be filled with anything', () => {
    const { LoggingFilter, RedactedFields } = only(stage, 'AWS::WAFv2::LoggingConfiguration').properties;
    expect(LoggingFilter).toEqual({
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: [{ ActionCondition: { Action: 'BLOCK' } }],
        },
      ],
    });
    for (const Name of HEADERS) expect(RedactedFields).toContainEqual({ SingleHeader: { Name } });
  });

  it('its log leads to that group, and the delivery service may write there', () => {
    const [groupId] = Object.entries(service(stage).findResources('AWS::Logs::LogGroup')).flatMap(
      ([id, { Properties }]) =>
        Properties.LogGroupName === `aws-waf-logs-medication-jobs-${stage}` ? [id] : [],
    );
    const groupArn = { 'Fn::GetAtt': [groupId, 'Arn'] };
    const logging = only(stage, 'AWS::WAFv2::LoggingConfiguration');
    // The group's ARN ends with `:*`, which this API does not take.
    expect(logging.properties.LogDestinationConfigs).toEqual([
      { 'Fn::Select': [0, { 'Fn::Split': [':*', groupArn] }] },
    ]);
    const policy = only(stage, 'AWS::Logs::ResourcePolicy');
    expect(logging.dependsOn).toContain(policy.id);
    const document = JSON.stringify(policy.properties.PolicyDocument).replaceAll('\\"', '"');
    expect(document).toContain('delivery.logs.amazonaws.com');
    expect(document).toContain('logs:PutLogEvents');
    expect(document).toContain('logs:CreateLogStream');
    expect(document).toContain(`${groupId}`);
  });

  it('clients speak TLS 1.2 or newer', () => {
    expect(only(stage, 'AWS::ApiGateway::RestApi').properties.SecurityPolicy).toMatch(
      /^SecurityPolicy_TLS13_1_2_/,
    );
  });
});

it('a laptop has no firewall: its emulator has none to offer', () => {
  expect(service('local').findResources('AWS::WAFv2::WebACL')).toEqual({});
});
