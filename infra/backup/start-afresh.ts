import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';

const PARALLEL = 4;
const WAIT_SECONDS = 300;

/** Says when; no function reads it. A changed variable is what has Lambda give up every environment of a function. */
const VARIABLE = 'RESTORED_AT';

/**
 * Has functions begin with an empty memory. One that was warm before a restore holds keys that the restore has replaced: it would find
 * nobody's data, and what it seals could never be opened again.
 */
export async function startAfresh(client: LambdaClient, names: readonly string[], at: string): Promise<void> {
  const left = [...names];
  const work = async (): Promise<void> => {
    for (let FunctionName = left.pop(); FunctionName !== undefined; FunctionName = left.pop()) {
      const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const Variables = { ...Environment?.Variables, [VARIABLE]: at };
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
      await waitUntilFunctionUpdatedV2({ client, maxWaitTime: WAIT_SECONDS }, { FunctionName });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}
