import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { laptopClientConfig } from './laptop-clients.ts';
import type { StackFile } from './stack-file.ts';

/**
 * Invokes a deployed function now and waits for its answer.
 * @param name as in `stack.json`: `tick`, `reconciler`, `worker/HIGH` …
 * @param event without one: what an EventBridge schedule sends
 * @throws Error with the function's own words when it failed
 */
export async function invokeFunction(
  stack: StackFile,
  name: string,
  event: unknown = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
): Promise<unknown> {
  const FunctionName = stack.functions[name];
  if (FunctionName === undefined)
    throw new Error(`There is no function "${name}". Functions: ${Object.keys(stack.functions).join(', ')}.`);
  const lambda = new LambdaClient(laptopClientConfig(stack.awsEndpointUrl));
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError) throw new Error(`${name} failed: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
