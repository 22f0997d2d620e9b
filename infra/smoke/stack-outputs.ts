import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { stackNames } from '#infra/stack-names.ts';

/**
 * Outputs of the stacks of a deployed stage.
 * @throws Error that says what to set when region or credentials are missing, or when the stage does not stand there
 */
export async function stackOutputs(
  stage: string,
  client = new CloudFormationClient({}),
): Promise<ReadonlyMap<string, string>> {
  const region = await client.config.region().catch(() => {
    throw new Error(`Say in which region the stage ${stage} stands: set AWS_REGION, or AWS_PROFILE.`);
  });
  try {
    const answers = await Promise.all(
      Object.values(stackNames(stage)).map((StackName) =>
        client.send(new DescribeStacksCommand({ StackName })),
      ),
    );
    const outputs = answers.flatMap(({ Stacks = [] }) => Stacks.flatMap(({ Outputs = [] }) => Outputs));
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    throw clearer(error, stage, region);
  }
}

function clearer(error: unknown, stage: string, region: string): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'CredentialsProviderError')
    return new Error(
      `The stage ${stage} is looked up in AWS (${region}), and no credentials were found: set AWS_PROFILE, or log in.`,
    );
  if (error.name === 'ValidationError')
    return new Error(`In ${region} this account has no stage ${stage}, or not all of it: ${error.message}`);
  return error;
}
