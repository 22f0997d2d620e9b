import { Fn, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, ResourcePolicy, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { API_PREFIX, BODY_LIMIT_BYTES, ROUTES } from '#shared/contract/routes.ts';
import type { Stage } from '../stages.ts';
import { removalOf } from './removal.ts';
import { RATE_WINDOW_SECONDS, WAF_BODIES, wafAnswer } from './web-acl-answers.ts';

/** The web application firewall before the API. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, props: { stage: Stage; stageArn: string; logKey: IKey }) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: seen('web-acl'),
      // The largest body of every route but the import of schedules is inspected whole; of that one the beginning.
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
      rules: [
        rate(0, props.stage),
        size(1, props.stage),
        managed(2, 'AWSManagedRulesAmazonIpReputationList'),
        managed(3, 'AWSManagedRulesCommonRuleSet', ONLY_COUNTED),
        managed(4, 'AWSManagedRulesKnownBadInputsRuleSet'),
      ],
      customResponseBodies: WAF_BODIES,
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: props.stageArn, webAclArn: acl.attrArn });
    this.#log(acl, props);
  }

  #log(acl: CfnWebACL, props: { stage: Stage; logKey: IKey }): void {
    const { account, region, partition } = Stack.of(this);
    const group = new LogGroup(this, 'Log', {
      // The service accepts only names that begin so.
      logGroupName: `aws-waf-logs-medication-jobs-${props.stage.name}`,
      retention: RetentionDays.ONE_MONTH,
      encryptionKey: props.logKey,
      removalPolicy: removalOf(props.stage),
    });
    const delivery = new ResourcePolicy(this, 'LogDelivery', {
      resourcePolicyName: `medication-jobs-${props.stage.name}-waf-logs`,
      policyStatements: [
        new PolicyStatement({
          principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [group.logGroupArn],
          conditions: {
            StringEquals: { 'aws:SourceAccount': account },
            ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
          },
        }),
      ],
    });
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // This API wants the ARN without the `:*` that a log group's ends with.
      logDestinationConfigs: [Fn.select(0, Fn.split(':*', group.logGroupArn))],
      // What passes is in the access log; here are words of callers, so only what was refused is kept.
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }],
          },
        ],
      },
      redactedFields: [
        { uriPath: {} },
        { queryString: {} },
        ...CALLERS_WORDS.map((Name) => ({ singleHeader: { Name } })),
      ],
    });
    logging.node.addDependency(delivery);
  }
}

/** Headers whose value may be a token, an id of a person, or whatever a caller or a program before it writes there. */
const CALLERS_WORDS = [
  'accept-language',
  'authorization',
  'baggage',
  'cookie',
  'idempotency-key',
  'if-match',
  'origin',
  'referer',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-amzn-trace-id',
  'x-correlation-id',
  'x-forwarded-for',
  'x-on-behalf-of',
  'x-purpose-of-use',
  'x-request-id',
];

/** Its limit of 8 KB would refuse bodies that the API takes: see `size`. Backends often send no user agent. */
const ONLY_COUNTED = ['SizeRestrictions_BODY', 'NoUserAgent_HEADER'];

const seen = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // Samples hold whole requests, with paths and headers.
  sampledRequestsEnabled: false,
});

const managed = (
  priority: number,
  name: string,
  counted: readonly string[] = [],
): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  visibilityConfig: seen(name),
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
});

const rate = (
  priority: number,
  { requestsPerAddress: limit, corsOrigins }: Stage,
): CfnWebACL.RuleProperty => ({
  name: 'requests-per-address',
  priority,
  action: wafAnswer('too_many_requests', corsOrigins),
  visibilityConfig: seen('requests-per-address'),
  statement: {
    rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: RATE_WINDOW_SECONDS },
  },
});

/** A body beyond what is inspected counts as larger than that. Imports may be larger; their function has its own limit. */
const size = (priority: number, { corsOrigins }: Stage): CfnWebACL.RuleProperty => ({
  name: 'body-size',
  priority,
  action: wafAnswer('body_too_large', corsOrigins),
  visibilityConfig: seen('body-size'),
  statement: {
    andStatement: {
      statements: [
        {
          sizeConstraintStatement: {
            fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
            comparisonOperator: 'GT',
            size: BODY_LIMIT_BYTES,
            textTransformations: AS_IT_IS,
          },
        },
        {
          notStatement: {
            statement: {
              byteMatchStatement: {
                fieldToMatch: { uriPath: {} },
                positionalConstraint: 'ENDS_WITH',
                searchString: `${API_PREFIX}${ROUTES.submitImport.path}`,
                textTransformations: AS_IT_IS,
              },
            },
          },
        },
      ],
    },
  },
});

const AS_IT_IS = [{ priority: 0, type: 'NONE' }];
