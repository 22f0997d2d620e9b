import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { scriptedClient, sdkError } from '#test/contracts/scripted-aws.ts';
import { createTableExports } from './table-exports.ts';

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/T/export/01693685827463-2d8752fd';
const SETTING = JSON.stringify({ tables: { jobs: 'arn:jobs', records: 'arn:records' }, key: 'arn:key' });

function exportsThat(answer: (name: string) => unknown) {
  const { client, calls } = scriptedClient<DynamoDBClient>(answer);
  const exports = createTableExports(client, 'the-bucket', SETTING);
  if (!exports) throw new Error('They were chosen.');
  return { exports, calls };
}
const describing = (ExportDescription: object) => exportsThat(() => ({ ExportDescription }));

describe('exports of tables', () => {
  it('are none when the deployer has not chosen them', () => {
    const { client } = scriptedClient<DynamoDBClient>(() => ({}));
    expect(createTableExports(client, 'the-bucket', '')).toBeUndefined();
  });

  it('are full ones into the bucket, encrypted with its key, under a token', async () => {
    const { exports, calls } = describing({ ExportArn: ARN });
    expect(await exports.begin({ table: 'records', prefix: 'backups/x/records', token: 'job-1' })).toBe(ARN);
    expect(calls).toEqual([
      {
        name: 'ExportTableToPointInTime',
        input: {
          TableArn: 'arn:records',
          S3Bucket: 'the-bucket',
          S3Prefix: 'backups/x/records',
          S3SseAlgorithm: 'KMS',
          S3SseKmsKeyId: 'arn:key',
          ExportFormat: 'DYNAMODB_JSON',
          ExportType: 'FULL_EXPORT',
          ClientToken: 'job-1',
        },
      },
    ]);
  });

  it.each([
    [{ ExportStatus: 'IN_PROGRESS' }, { status: 'running' }],
    [
      { ExportStatus: 'COMPLETED', ExportTime: new Date('2026-03-01T02:00:00Z'), ItemCount: 7 },
      // Seconds only are told.
      { status: 'completed', exportedAt: '2026-03-01T02:00:01.000Z', items: 7 },
    ],
    [
      { ExportStatus: 'FAILED', FailureCode: 'S3NoSuchBucket', FailureMessage: 'not told on' },
      { status: 'failed', code: 'S3NoSuchBucket' },
    ],
  ])('that DynamoDB tells %j of are %j', async (told, found) => {
    expect(await describing(told).exports.look(ARN)).toEqual(found);
  });

  it.each([
    ['ThrottlingException', { name: 'RetryableError', reason: 'dependency_throttled' }],
    ['LimitExceededException', { name: 'RetryableError', reason: 'dependency_throttled' }],
    ['PointInTimeRecoveryUnavailableException', { name: 'AwsCallError' }],
  ])('refused with %s are no answer', async (name, error) => {
    const { exports } = exportsThat(() => {
      throw sdkError(name);
    });
    await expect(exports.begin({ table: 'jobs', prefix: 'p', token: 't' })).rejects.toMatchObject(error);
    await expect(exports.look(ARN)).rejects.toMatchObject(error);
  });
});
