import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stages.ts';

/** What AWS asks of the role: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
const ACTIONS = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:PutLogEvents',
];

/** The one role of account and region by which API Gateway writes logs: without it, it writes none at all. */
export class GatewayLogAccount extends Construct {
  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    const policy = new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ACTIONS, resources: ['*'] })],
    });
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    // API Gateway tries the role when it is told of it.
    account.node.addDependency(policy);
    // Another stage of the same account may be using it when this one is deleted.
    const removal = stage.laptop ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    for (const kept of [role, policy]) kept.applyRemovalPolicy(removal);
    account.applyRemovalPolicy(removal);
    acknowledge(this, {
      'AwsSolutions-IAM5[Resource::*]':
        'API Gateway names its log groups by ids of APIs yet to be made, for every API of the account: AWS defines this role so.',
    });
  }
}
