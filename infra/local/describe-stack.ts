import { deadLetterQueueOutput, functionOutput, OUTPUTS, queueOutput, tableOutput } from '#infra/outputs.ts';
import { FUNCTION_VARIABLES, type FunctionName } from '#shared/contract/functions.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import type { QueueAddress, StackFile } from './stack-file.ts';

type Described = Pick<
  StackFile,
  | 'tables'
  | 'queues'
  | 'buckets'
  | 'topic'
  | 'bus'
  | 'functions'
  | 'sealKeyArn'
  | 'backupKeyArn'
  | 'fieldKeyArn'
> & {
  readonly invokePath: string;
};

/**
 * The parts of `stack.json` that follow from the stacks' outputs.
 * @throws Error that names every output that is missing
 */
export function describeStack(outputs: Readonly<Record<string, string>>): Described {
  const missing: string[] = [];
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) missing.push(name);
    return value ?? '';
  };
  const queue = (source: string, deadLetters: string): QueueAddress => {
    const [url, deadLetterUrl] = [output(source), output(deadLetters)];
    return { name: lastPart(url, '/'), url, deadLetterName: lastPart(deadLetterUrl, '/'), deadLetterUrl };
  };
  const topicArn = output(OUTPUTS.topicArn);
  const described: Described = {
    // The emulator's own address of a REST API; its execute-api host name does not resolve.
    invokePath: `/restapis/${output(OUTPUTS.apiId)}/${output(OUTPUTS.apiStage)}/_user_request_`,
    tables: {
      jobs: output(tableOutput('jobs')),
      records: output(tableOutput('records')),
      audit: output(tableOutput('audit')),
      secrets: output(tableOutput('secrets')),
    },
    queues: {
      CRITICAL: queue(queueOutput('CRITICAL'), deadLetterQueueOutput('CRITICAL')),
      HIGH: queue(queueOutput('HIGH'), deadLetterQueueOutput('HIGH')),
      MEDIUM: queue(queueOutput('MEDIUM'), deadLetterQueueOutput('MEDIUM')),
      LOW: queue(queueOutput('LOW'), deadLetterQueueOutput('LOW')),
      tick: queue(OUTPUTS.tickQueueUrl, OUTPUTS.tickDeadLetterQueueUrl),
    },
    buckets: {
      backup: output(OUTPUTS.backupBucket),
      results: output(OUTPUTS.resultsBucket),
      reference: output(OUTPUTS.referenceBucket),
      audit: output(OUTPUTS.auditBucket),
    },
    sealKeyArn: output(OUTPUTS.sealKey),
    backupKeyArn: output(OUTPUTS.backupKey),
    fieldKeyArn: output(OUTPUTS.fieldKey),
    topic: { name: lastPart(topicArn, ':'), arn: topicArn },
    bus: output(OUTPUTS.busName),
    functions: Object.fromEntries(
      deployedFunctions().map(([name, variant]) => [
        variant === '' ? name : `${name}/${variant}`,
        output(functionOutput(name, variant)),
      ]),
    ),
  };
  if (missing.length > 0) throw new Error(`The stacks have no output named ${missing.join(', ')}.`);
  return described;
}

/** Each function with the variants in which it is deployed. */
function deployedFunctions(): (readonly [FunctionName, string])[] {
  // Keys of an object literal that is annotated nowhere: exactly the names.
  const names = Object.keys(FUNCTION_VARIABLES) as FunctionName[];
  return names.flatMap((name) => variantsOf(name).map((variant) => [name, variant] as const));
}

function variantsOf(name: FunctionName): readonly string[] {
  if (name === 'submit-job') return PUBLIC_KINDS.map((kind) => kind.name);
  return name === 'worker' ? PRIORITY_NAMES : [''];
}

const lastPart = (text: string, separator: string): string => text.slice(text.lastIndexOf(separator) + 1);
