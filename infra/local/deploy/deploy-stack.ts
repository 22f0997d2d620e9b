import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  paginateListStackResources,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';

const LONGEST_DEPLOYMENT_SECONDS = 120;

/** Physical ids by logical id. */
export type PhysicalIds = ReadonlyMap<string, string>;

/**
 * Creates the stack, or updates it when it stands.
 * @returns its outputs, by name
 * @throws Error that names the resources which failed, each with the emulator's reason
 */
export async function deployStack(
  cloudFormation: CloudFormationClient,
  name: string,
  templateUrl: string,
): Promise<Readonly<Record<string, string>>> {
  const input = {
    StackName: name,
    TemplateURL: templateUrl,
    Capabilities: ['CAPABILITY_IAM' as const, 'CAPABILITY_NAMED_IAM' as const],
  };
  if (await describe(cloudFormation, name)) {
    try {
      await cloudFormation.send(new UpdateStackCommand(input));
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('No updates are to be performed'))) throw error;
    }
  } else {
    await cloudFormation.send(new CreateStackCommand(input));
  }
  const stack = await settled(cloudFormation, name);
  if (stack.StackStatus !== 'CREATE_COMPLETE' && stack.StackStatus !== 'UPDATE_COMPLETE')
    throw new Error(
      `Stack ${name} ended as ${stack.StackStatus}:\n${await failures(cloudFormation, name, stack.StackStatusReason)}`,
    );
  return Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

export async function physicalIds(cloudFormation: CloudFormationClient, name: string): Promise<PhysicalIds> {
  const ids = new Map<string, string>();
  for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: name }))
    for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? [])
      if (LogicalResourceId && PhysicalResourceId) ids.set(LogicalResourceId, PhysicalResourceId);
  return ids;
}

async function describe(cloudFormation: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}

async function settled(cloudFormation: CloudFormationClient, name: string): Promise<Stack> {
  for (const end = Date.now() + LONGEST_DEPLOYMENT_SECONDS * 1000; Date.now() < end; await sleep(100)) {
    const stack = await describe(cloudFormation, name);
    if (stack && !stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
  }
  throw new Error(`Stack ${name} was not deployed within ${LONGEST_DEPLOYMENT_SECONDS} s.`);
}

async function failures(
  cloudFormation: CloudFormationClient,
  name: string,
  reason: string | undefined,
): Promise<string> {
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: name }));
  const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED')).map(
    ({ LogicalResourceId, ResourceType, ResourceStatusReason }) =>
      `  ${LogicalResourceId} (${ResourceType}): ${ResourceStatusReason}`,
  );
  return [...(reason ? [`  ${reason}`] : []), ...failed].join('\n');
}
