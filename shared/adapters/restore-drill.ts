import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { RetryableError } from '../errors/attempt-error.ts';
import type { DrillRun, RestoreDrill } from '../jobs/ports.ts';
import { callAws } from './sdk-errors.ts';

/**
 * Has the function of drills do each step, and waits for its answer.
 * @param client one that waits long enough, and asks once: a step that was asked for twice would be done twice
 */
export const createRestoreDrill = (client: LambdaClient, FunctionName: string): RestoreDrill => ({
  step: async (run) => {
    const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify(run) });
    const { FunctionError, Payload } = await callAws('Lambda Invoke', () => client.send(command));
    // What it has thrown stands in its own log.
    if (FunctionError !== undefined || !Payload)
      throw new RetryableError('unexpected', 'A step of the drill failed.');
    const answer: DrillRun = JSON.parse(Payload.transformToString());
    return answer;
  },
});
