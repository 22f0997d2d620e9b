import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { vi } from 'vitest';
import { buildStacks } from '#infra/build-stacks.ts';
import { readStage } from '#infra/stage-context.ts';
import type { Stage, StageName } from '#infra/stages.ts';
import { FUNCTION_VARIABLES } from '#shared/contract/functions.ts';

export interface Synthesised {
  readonly app: App;
  readonly stage: Stage;
  readonly data: Template;
  readonly service: Template;
  /** With what it reads of the other stacks put where it is read: an alarm's queue is seen as `Fn::GetAtt` of the queue. */
  readonly watch: Template;
}

const CONTEXT: Readonly<Record<StageName, Readonly<Record<string, string>>>> = {
  dev: {},
  prod: { defaultTimeZone: 'America/New_York', alarmsElsewhere: 'true' },
  local: { frontPort: '4711', hooksDir: '/tmp/hooks' },
};

// The first test of a file pays for the synthesis; on a busy machine that takes some seconds.
vi.setConfig({ testTimeout: 60_000 });

const made = new Map<string, Synthesised>();

/** The templates of a stage, synthesised once per test file, from bundles that hold nothing. */
export function synthesiseStage(name: StageName, more: Readonly<Record<string, unknown>> = {}): Synthesised {
  const id = JSON.stringify([name, more]);
  const known = made.get(id);
  if (known) return known;
  const { app, stage, stacks } = buildStage(name, more);
  const data = Template.fromStack(stacks.data);
  const service = Template.fromStack(stacks.service);
  const producers = new Map([
    [stacks.data.stackName, data],
    [stacks.service.stackName, service],
  ]);
  const watch = withOutputsInPlace(Template.fromStack(stacks.watch), producers);
  const result = { app, stage, data, service, watch };
  made.set(id, result);
  return result;
}

/** The app of a stage before it is synthesised. */
export function buildStage(name: StageName, more: Readonly<Record<string, unknown>> = {}) {
  const bundles = emptyBundles();
  const values: Record<string, unknown> = { stage: name, bundles, ...CONTEXT[name], ...more };
  const app = new App({
    outdir: mkdtempSync(join(tmpdir(), 'assembly-')),
    // The same flags as the real app's, because they change what is synthesised.
    context: { ...cdkJson().context, 'aws:cdk:disable-asset-staging': true },
  });
  const { stage, extraIssuers } = readStage((key) => values[key]);
  // The rule packs have a test of their own; here they would only cost time.
  return { app, stage, stacks: buildStacks(app, { ...stage, rulePacks: false }, extraIssuers) };
}

/** @throws Error when an output is read that no stack has */
function withOutputsInPlace(template: Template, producers: ReadonlyMap<string, Template>): Template {
  const text = JSON.stringify(template.toJSON(), (_key, value: unknown) => {
    const { StackName, OutputName } =
      (value as { 'Fn::GetStackOutput'?: Record<string, string> } | null)?.['Fn::GetStackOutput'] ?? {};
    if (StackName === undefined || OutputName === undefined) return value;
    const output = producers.get(StackName)?.toJSON()['Outputs'][OutputName];
    if (!output) throw new Error(`${StackName} has no output ${OutputName}.`);
    return output.Value;
  });
  return Template.fromJSON(JSON.parse(text));
}

function emptyBundles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  for (const name of Object.keys(FUNCTION_VARIABLES)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.mjs'), 'export const handler = async () => undefined;\n');
  }
  return folder;
}

const cdkJson = (): { context: Record<string, unknown> } =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../cdk.json'), 'utf8'));
