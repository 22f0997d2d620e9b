import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { stackNames } from '#infra/stack-names.ts';

/**
 * Outputs of the stacks of a deployed stage.
 * @throws Error of the SDK when a stack does not stand in this account and region
 */
export async function stackOutputs(stage: string): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient({});
  const answers = await Promise.all(
    Object.values(stackNames(stage)).map((StackName) =>
      client.send(new DescribeStacksCommand({ StackName })),
    ),
  );
  const outputs = answers.flatMap(({ Stacks = [] }) => Stacks.flatMap(({ Outputs = [] }) => Outputs));
  return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}
