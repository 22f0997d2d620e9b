import { ListExportsCommand } from '@aws-sdk/client-cloudformation';
import {
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type ObjectLockRetentionMode,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import { SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import type { LaptopClients } from '../laptop-clients.ts';
import type { PhysicalIds } from './deploy-stack.ts';
import { type Fixup, fixupsOf } from './fixups.ts';
import { isObject, type Template } from './template.ts';

/** Sets again what a deployment left out; each setting may be set any number of times. */
export async function applyFixups(
  clients: LaptopClients,
  template: Template,
  ids: PhysicalIds,
): Promise<readonly Fixup[]> {
  const { Exports = [] } = await clients.cloudFormation.send(new ListExportsCommand({}));
  const exported = new Map(Exports.map(({ Name = '', Value = '' }) => [Name, Value]));
  const fixups = fixupsOf(template, (logicalId) => ids.get(logicalId), resolver(ids, exported));
  await Promise.all(fixups.map((fixup) => apply(clients, fixup)));
  return fixups;
}

/** Keys are named by reference, by ARN or across stacks; the key's id serves for all three. */
const resolver =
  (ids: PhysicalIds, exported: ReadonlyMap<string, string>) =>
  (value: unknown): string | undefined => {
    if (typeof value === 'string') return value;
    if (!isObject(value)) return undefined;
    const [name] = [value['Fn::GetAtt'] ?? value['Ref']].flat();
    if (typeof name === 'string') return ids.get(name);
    const imported = value['Fn::ImportValue'];
    return typeof imported === 'string' ? exported.get(imported) : undefined;
  };

async function apply({ dynamo, s3, sns }: LaptopClients, fixup: Fixup): Promise<void> {
  switch (fixup.set) {
    case 'table-ttl': {
      const TimeToLiveSpecification = { Enabled: true, AttributeName: fixup.attribute };
      await dynamo
        .send(new UpdateTimeToLiveCommand({ TableName: fixup.table, TimeToLiveSpecification }))
        .catch(unlessSetAlready);
      return;
    }
    case 'table-recovery': {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await dynamo.send(
        new UpdateContinuousBackupsCommand({ TableName: fixup.table, PointInTimeRecoverySpecification }),
      );
      return;
    }
    case 'table-encryption': {
      const SSESpecification = { Enabled: true, SSEType: 'KMS' as const, KMSMasterKeyId: fixup.keyId };
      await dynamo
        .send(new UpdateTableCommand({ TableName: fixup.table, SSESpecification }))
        .catch(unlessSetAlready);
      return;
    }
    case 'bucket-encryption': {
      // Made from the template's property, which has the shape of the API's.
      const ServerSideEncryptionConfiguration = { Rules: fixup.rules as ServerSideEncryptionRule[] };
      await s3.send(
        new PutBucketEncryptionCommand({ Bucket: fixup.bucket, ServerSideEncryptionConfiguration }),
      );
      return;
    }
    case 'bucket-lock': {
      const { bucket: Bucket, days: Days } = fixup;
      // Of the template's property, whose values are the API's.
      const Mode = fixup.mode as ObjectLockRetentionMode;
      // Without versions there is nothing to lock.
      const VersioningConfiguration = { Status: 'Enabled' as const };
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      const ObjectLockConfiguration = {
        ObjectLockEnabled: 'Enabled' as const,
        Rule: { DefaultRetention: { Mode, Days } },
      };
      await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
      return;
    }
    case 'topic-encryption':
      await sns.send(
        new SetTopicAttributesCommand({
          TopicArn: fixup.topic,
          AttributeName: 'KmsMasterKeyId',
          AttributeValue: fixup.keyId,
        }),
      );
  }
}

/** DynamoDB refuses to set what is set already. */
function unlessSetAlready(error: unknown): void {
  if (!(error instanceof Error && error.name === 'ValidationException' && /already/i.test(error.message)))
    throw error;
}
