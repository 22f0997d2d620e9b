import {
  CfnClientCertificate,
  type CfnRestApi,
  type CfnStage,
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { API_PREFIX, ROUTES, submitPath } from '#shared/contract/routes.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stages.ts';
import { ACCESS_LOG_FORMAT } from './access-log.ts';
import { GatewayLogAccount } from './gateway-log-account.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import type { JobFunction } from './job-function.ts';
import type { JobFunctions } from './job-functions.ts';
import { removalOf } from './removal.ts';

/** TLS 1.2 or 1.3 with forward secrecy only. */
const SECURITY_POLICY = 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09';

/** Repeated for each method that has settings of its own: such a method inherits nothing from the stage's. */
const METHOD_SETTINGS = {
  loggingLevel: MethodLoggingLevel.ERROR,
  // Whole requests and answers would stand in the log.
  dataTraceEnabled: false,
  // Per method, which the endpoints' alarms need.
  metricsEnabled: true,
} as const;

export interface Endpoint {
  readonly method: string;
  /** The resource's pattern with prefix, as metrics and access log name it. */
  readonly path: string;
  readonly fn: JobFunction;
}

/** The REST API: an endpoint per public kind, the other routes by family, and one function for all the rest. */
export class JobApi extends Construct {
  readonly api: RestApi;
  readonly accessLog: LogGroup;
  /** The job endpoints by kind. */
  readonly submitEndpoints: ReadonlyMap<string, Endpoint>;
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, props: { stage: Stage; functions: JobFunctions; logKey: IKey }) {
    super(scope, id);
    const { stage, functions, logKey } = props;
    this.#stage = stage;
    this.accessLog = this.#logGroup('AccessLog', logKey);
    this.submitEndpoints = new Map(
      [...functions.submit].map(([kind, fn]) => [
        kind,
        { method: 'POST', path: `${API_PREFIX}${submitPath(kind)}`, fn },
      ]),
    );
    this.api = new RestApi(this, 'Api', {
      restApiName: `medication-jobs-${stage.name}`,
      endpointTypes: [EndpointType.REGIONAL],
      // Made beside it, see below, with the few rights that it needs.
      cloudWatchRole: false,
      deployOptions: {
        stageName: stage.name,
        accessLogDestination: new LogGroupLogDestination(this.accessLog),
        accessLogFormat: ACCESS_LOG_FORMAT,
        ...METHOD_SETTINGS,
        // Traces would carry URLs, and URLs carry users' ids. The functions are traced.
        tracingEnabled: false,
        throttlingRateLimit: stage.throttle.usual.rate,
        throttlingBurstLimit: stage.throttle.usual.burst,
        methodOptions: this.#methodOptions(),
      },
    });
    this.api.deploymentStage.node.addDependency(new GatewayLogAccount(this, 'LogAccount', stage));
    this.#executionLog(logKey);
    if (!stage.laptop) this.#secureTransport();
    this.#routes(functions);
    addGatewayResponses(this.api, stage.corsOrigins);
    this.#acknowledge();
  }

  #routes(functions: JobFunctions): void {
    const families = {
      jobs: functions.jobsApi,
      interactions: functions.interactionsApi,
      users: functions.usersApi,
      rights: functions.rightsApi,
      imports: functions.importsApi,
      operations: functions.operationsApi,
      'break-glass': functions.breakGlassApi,
      audit: functions.auditApi,
    };
    const endpoints: Endpoint[] = [
      ...this.submitEndpoints.values(),
      ...Object.values(ROUTES).map(({ method, path, family }) => ({
        method,
        path: `${API_PREFIX}${path}`,
        fn: families[family],
      })),
    ];
    const integrations = new Map<JobFunction, LambdaIntegration>();
    const integration = (fn: JobFunction): LambdaIntegration => {
      // One permission per function and not one per method: the template stays small, the source is this API only.
      const made =
        integrations.get(fn) ?? new LambdaIntegration(fn.lambda, { scopePermissionToMethod: false });
      integrations.set(fn, made);
      return made;
    };
    for (const { method, path, fn } of endpoints)
      this.api.root.resourceForPath(path).addMethod(method, integration(fn));
    const rest = integration(functions.notFound);
    for (const resource of everyResource(this.api.root)) resource.addMethod('ANY', rest);
    this.api.root.addResource('{proxy+}').addMethod('ANY', rest);
  }

  /** Jobs that read whole tables, and bodies of thousands of schedules, are asked for by few people and rarely. */
  #methodOptions(): Record<string, MethodDeploymentOptions> {
    const { usual, heavy } = this.#stage.throttle;
    const limits = [
      ...PUBLIC_KINDS.map(
        ({ name, defaultPriority }) => [submitPath(name), defaultPriority === 'LOW' ? heavy : usual] as const,
      ),
      [ROUTES.submitImport.path, heavy] as const,
      [ROUTES.recheckInteractions.path, heavy] as const,
    ];
    return Object.fromEntries(
      limits.map(([path, { rate, burst }]) => [
        `${API_PREFIX}${path}/POST`,
        { ...METHOD_SETTINGS, throttlingRateLimit: rate, throttlingBurstLimit: burst },
      ]),
    );
  }

  /** API Gateway would make this log group itself, without retention and key. */
  #executionLog(key: IKey): void {
    const name = `API-Gateway-Execution-Logs_${this.api.restApiId}/${this.#stage.name}`;
    const logGroup = this.#logGroup('ExecutionLog', key, name);
    this.api.deploymentStage.node.addDependency(logGroup);
  }

  #logGroup(id: string, encryptionKey: IKey, logGroupName?: string): LogGroup {
    return new LogGroup(this, id, {
      retention: RetentionDays.ONE_MONTH,
      encryptionKey,
      removalPolicy: removalOf(this.#stage),
      ...(logGroupName && { logGroupName }),
    });
  }

  #secureTransport(): void {
    // The constructs have no properties of their own for these yet.
    const api = this.api.node.defaultChild as CfnRestApi;
    api.securityPolicy = SECURITY_POLICY;
    api.endpointAccessMode = 'BASIC';
    // How API Gateway shows a backend that it is API Gateway. Functions are invoked by IAM; a backend that a deployer adds is not.
    const stage = this.api.deploymentStage.node.defaultChild as CfnStage;
    stage.clientCertificateId = new CfnClientCertificate(this, 'ClientCertificate').ref;
  }

  #acknowledge(): void {
    const untraced =
      'The stage’s traces carry URLs, and URLs carry users’ ids. The functions behind it are traced.';
    acknowledge(this, {
      'AwsSolutions-APIG2':
        'The functions validate every body against its JSON Schema: they name all wrong fields at once and keep the order of the seven validation steps, which the gateway’s validator cannot.',
      'AwsSolutions-APIG4':
        'The functions verify the tokens themselves: the specification’s order puts the schema first, and every refusal is recorded.',
      'AwsSolutions-COG4':
        'The functions verify the tokens themselves: the specification’s order puts the schema first, and every refusal is recorded.',
      'HIPAA.Security-APIGWCacheEnabledAndEncrypted':
        'Every answer is about one person’s data and says no-store: a cache would be of no use and a risk.',
      'HIPAA.Security-APIGWXrayEnabled': untraced,
      'Serverless-APIGWXrayEnabled': untraced,
    });
  }
}

/** The resource and all below it. */
function everyResource(resource: IResource): readonly IResource[] {
  const below = resource.node.children.filter(
    (child): child is IResource & Construct => 'resourceId' in child,
  );
  return [resource, ...below.flatMap(everyResource)];
}
