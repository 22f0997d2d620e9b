import {
  DescribeExportCommand,
  type DynamoDBClient,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableExport, TableExports } from '../jobs/ports.ts';
import { addSeconds, instantOf } from '../lifecycle/instant.ts';
import { callAws, isNamed, translateSdkError } from './sdk-errors.ts';

/** What exports need beside the bucket, as the variable `BACKUP_EXPORTS` says it. */
interface ExportSetting {
  /** ARNs by logical name. */
  readonly tables: Readonly<Record<string, string>>;
  /** ARN of the key that encrypts what lies in the bucket. */
  readonly key: string;
}

/** @returns nothing for an empty text: the deployer has not chosen them */
export function createTableExports(
  client: DynamoDBClient,
  bucket: string,
  setting: string,
): TableExports | undefined {
  if (setting === '') return undefined;
  const { tables, key }: ExportSetting = JSON.parse(setting);
  return {
    begin: async ({ table, prefix, token }) => {
      const command = new ExportTableToPointInTimeCommand({
        TableArn: tables[table],
        S3Bucket: bucket,
        S3Prefix: prefix,
        S3SseAlgorithm: 'KMS',
        S3SseKmsKeyId: key,
        ExportFormat: 'DYNAMODB_JSON',
        ExportType: 'FULL_EXPORT',
        ClientToken: token,
      });
      const { ExportDescription: begun } = await callAws('DynamoDB ExportTableToPointInTime', () =>
        client.send(command),
      );
      return begun?.ExportArn ?? '';
    },
    look: async (ExportArn) => {
      try {
        const { ExportDescription: found = {} } = await client.send(new DescribeExportCommand({ ExportArn }));
        return read(found);
      } catch (error) {
        // DynamoDB remembers its exports for 90 days.
        if (isNamed(error, 'ExportNotFoundException'))
          return { status: 'failed', code: 'ExportNotFoundException' };
        throw translateSdkError(error, 'DynamoDB DescribeExport');
      }
    },
  };
}

function read({
  ExportStatus,
  FailureCode,
  ExportTime,
  StartTime,
  ItemCount,
}: ExportDescription): TableExport {
  if (ExportStatus === 'FAILED') return { status: 'failed', code: FailureCode ?? 'unknown' };
  const at = ExportTime ?? StartTime;
  if (ExportStatus !== 'COMPLETED' || !at) return { status: 'running' };
  // DynamoDB tells whole seconds; what was written within that second may be in it.
  return { status: 'completed', exportedAt: addSeconds(instantOf(at.getTime()), 1), items: ItemCount ?? 0 };
}
