import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { buildStacks } from './build-stacks.ts';
import { readStage } from './stage-context.ts';
import { hashOfWatched, type WatchedTemplate } from './watched-hash.ts';

/** The CDK app: `cdk <command> -c stage=<stage>`. */
const app = new App();
const { stage, extraIssuers } = readStage((key) => app.node.tryGetContext(key));
buildStacks(app, stage, extraIssuers, stage.laptop ? undefined : watchedHash());
app.synth();

/** What the watch stack reads is known from the templates only, so they are made once beforehand, and thrown away. */
function watchedHash(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'medication-jobs-'));
  // Assets are named by their contents; the copies are not needed.
  const context = { ...app.node.getAllContext(), 'aws:cdk:disable-asset-staging': true };
  const draft = new App({ outdir, context });
  const { data, service, watch } = buildStacks(draft, { ...stage, rulePacks: false }, extraIssuers);
  const assembly = draft.synth();
  const template = (name: string): WatchedTemplate => assembly.getStackByName(name).template;
  const producers = new Map([data, service].map(({ stackName }) => [stackName, template(stackName)]));
  const hash = hashOfWatched(template(watch.stackName), producers);
  rmSync(outdir, { recursive: true });
  return hash;
}
