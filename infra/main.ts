import { App } from 'aws-cdk-lib';
import { buildStacks } from './build-stacks.ts';
import { readStage } from './stage-context.ts';

/** The CDK app: `cdk <command> -c stage=<stage>`. */
const app = new App();
const { stage, extraIssuers } = readStage((key) => app.node.tryGetContext(key));
buildStacks(app, stage, extraIssuers);
app.synth();
