import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from '#shared/contract/functions.ts';
import { acknowledge } from '../acknowledge.ts';
import { functionId } from '../outputs.ts';
import type { Stage } from '../stages.ts';
import { reservedConcurrency } from './concurrency.ts';
import { FunctionRole, SIGNERS, signerRoleName } from './function-role.ts';
import { MEMORY_MB } from './function-sizes.ts';
import { removalOf } from './removal.ts';

export interface JobFunctionProps {
  readonly stage: Stage;
  readonly name: FunctionName;
  /** Kind of a `submit-job`, priority of a `worker`. */
  readonly variant?: string;
  readonly timeoutSeconds: number;
  readonly logKey: IKey;
  readonly description: string;
  /** Where events go that this function could not handle: for functions that EventBridge invokes. */
  readonly lostEvents?: IQueue;
  readonly tries?: { readonly retries: number; readonly oldestSeconds: number };
}

/** One Lambda function with its own role, its own log group and nothing that it may do yet: see `FunctionGrants`. */
export class JobFunction extends Construct {
  readonly name: FunctionName;
  readonly variant: string;
  readonly role: FunctionRole;
  readonly logGroup: LogGroup;
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: JobFunctionProps) {
    super(scope, id);
    const { stage } = props;
    this.name = props.name;
    this.variant = props.variant ?? '';
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      encryptionKey: props.logKey,
      removalPolicy: removalOf(stage),
    });
    const reserved = reservedConcurrency(stage, this.name, this.variant);
    // Not AWS's managed role policy: it would let the function write to every log group of the account.
    const ownId = functionId(this.name, this.variant);
    const signs = Object.values(SIGNERS).includes(ownId);
    this.role = new FunctionRole(this, 'Role', signs ? signerRoleName(stage, ownId) : undefined);
    this.logGroup.grantWrite(this.role);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(stage.bundles, props.name)),
      role: this.role,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: MEMORY_MB[props.name],
      tracing: Tracing.ACTIVE,
      logGroup: this.logGroup,
      ...(props.lostEvents && { deadLetterQueue: props.lostEvents }),
      ...(props.tries && {
        retryAttempts: props.tries.retries,
        maxEventAge: Duration.seconds(props.tries.oldestSeconds),
      }),
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
    });
    this.#acknowledge(props);
  }

  #acknowledge(props: JobFunctionProps): void {
    const neverUsed =
      'It is invoked by API Gateway, which waits for the answer, or by a queue that has its own dead-letter queue: Lambda’s own is never used.';
    acknowledge(this, {
      'AwsSolutions-IAM5[Resource::*]':
        'The two X-Ray actions that write trace segments know no resource; nothing else in this role uses a wildcard.',
      'HIPAA.Security-LambdaConcurrency':
        'Reserved concurrency fails on accounts with the first quota of 10 executions: it is the context reservedConcurrency. Queue consumers are limited by maximumConcurrency, endpoints by throttling.',
      'HIPAA.Security-LambdaInsideVPC':
        'It calls AWS APIs over TLS only and reaches nothing in a VPC; a VPC would add cold-start time and endpoints without keeping anything out.',
      ...(props.lostEvents
        ? {
            'Serverless-LambdaAsyncFailureDestination':
              'What it could not do goes to its dead-letter queue, whose messages carry event and error; a destination beside it would only repeat them.',
          }
        : { 'HIPAA.Security-LambdaDLQ': neverUsed, 'Serverless-LambdaDLQ': neverUsed }),
    });
  }
}
