import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, ResourcePolicy, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { BODY_LIMIT_BYTES } from '#shared/contract/routes.ts';
import { PROBLEMS } from '#shared/errors/problem-error.ts';
import type { Stage } from '../stages.ts';

const TOO_LARGE = 'body_too_large';

/** The web application firewall before the API. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, props: { stage: Stage; stageArn: string; logKey: IKey }) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: seen('web-acl'),
      // The largest body that the API takes is inspected whole.
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
      customResponseBodies: { [TOO_LARGE]: { contentType: 'APPLICATION_JSON', content: tooLarge() } },
      rules: [
        rate(0, props.stage.requestsPerAddress),
        managed(1, 'AWSManagedRulesAmazonIpReputationList'),
        // Its own limit of 8 KB is counted only: the next rule sets ours.
        managed(2, 'AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY']),
        managed(3, 'AWSManagedRulesKnownBadInputsRuleSet'),
        bodySize(4),
      ],
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
      removalPolicy: props.stage.keepStores ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
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
      redactedFields: [
        { uriPath: {} },
        { queryString: {} },
        { singleHeader: { Name: 'authorization' } },
        { singleHeader: { Name: 'cookie' } },
      ],
    });
    logging.node.addDependency(delivery);
  }
}

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

const rate = (priority: number, limit: number): CfnWebACL.RuleProperty => ({
  name: 'requests-per-address',
  priority,
  action: { block: {} },
  visibilityConfig: seen('requests-per-address'),
  statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
});

const bodySize = (priority: number): CfnWebACL.RuleProperty => ({
  name: 'body-size',
  priority,
  action: {
    block: { customResponse: { responseCode: PROBLEMS[TOO_LARGE].status, customResponseBodyKey: TOO_LARGE } },
  },
  visibilityConfig: seen('body-size'),
  statement: {
    sizeConstraintStatement: {
      // What is longer than the inspected part is too long in any case.
      fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
      comparisonOperator: 'GT',
      size: BODY_LIMIT_BYTES,
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  },
});

/** A request that the firewall refuses never gets an id: the member is there and says so. */
const tooLarge = (): string =>
  JSON.stringify({
    type: `urn:medication-jobs:problem:${TOO_LARGE}`,
    ...PROBLEMS[TOO_LARGE],
    detail: `A body holds at most ${BODY_LIMIT_BYTES} bytes.`,
    code: TOO_LARGE,
    correlation_id: 'refused-before-the-service',
  });
