import {
  type App,
  CliCredentialsStackSynthesizer,
  type IStackSynthesizer,
  type StackProps,
  Tags,
  Validations,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, ServerlessChecks } from 'cdk-nag';
import type { IssuerConfig } from '#shared/contract/issuers.ts';
import { DataStack } from './data-stack.ts';
import { ServiceStack } from './service-stack.ts';
import { stackNames } from './stack-names.ts';
import type { Stage } from './stages.ts';
import { WatchStack } from './watch-stack.ts';

/** Bucket of a laptop's stack from which its functions' code is loaded. */
export const LAPTOP_ASSETS_BUCKET = 'medication-jobs-assets';
/** Account and region of a laptop's stack. */
export const LAPTOP_ENVIRONMENT = { account: '000000000000', region: 'us-east-1' } as const;

/**
 * The three stacks of one stage, judged by the rule packs where the stage asks for them.
 * @param watched changes with whatever the watch stack reads of the others: see `hashOfWatched`
 */
export function buildStacks(app: App, stage: Stage, extraIssuers: readonly IssuerConfig[], watched?: string) {
  const names = stackNames(stage.name);
  const data = new DataStack(app, 'data', { ...stackProps(stage), stackName: names.data, stage });
  const service = new ServiceStack(app, 'service', {
    ...stackProps(stage),
    stackName: names.service,
    stage,
    extraIssuers,
    data,
  });
  const watch = new WatchStack(app, 'watch', {
    ...stackProps(stage),
    stackName: names.watch,
    stage,
    data,
    service,
    watched,
  });
  Tags.of(app).add('application', 'medication-jobs');
  Tags.of(app).add('stage', stage.name);
  if (stage.rulePacks)
    Validations.of(app).addPlugins(
      new AwsSolutionsChecks(app),
      new HIPAASecurityChecks(app),
      new ServerlessChecks(app),
    );
  return { data, service, watch };
}

function stackProps(stage: Stage): StackProps {
  if (stage.laptop)
    return {
      env: LAPTOP_ENVIRONMENT,
      // No bootstrap stack, no roles to assume: what runs on a laptop has neither.
      // The class writes its optional members as `| undefined`, which exactOptionalPropertyTypes tells apart.
      synthesizer: new CliCredentialsStackSynthesizer({
        fileAssetsBucketName: LAPTOP_ASSETS_BUCKET,
      }) as IStackSynthesizer,
    };
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  return {
    ...(account && region && { env: { account, region } }),
    terminationProtection: stage.deletionProtection,
  };
}
