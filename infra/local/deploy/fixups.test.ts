import { expect, test } from 'vitest';
import { fixupsOf } from './fixups.ts';

const key = { 'Fn::GetAtt': ['Key', 'Arn'] };
const template = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
      },
    },
    PlainTable: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
    },
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
            },
          ],
        },
      },
    },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: key } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: key } },
    NeverMade: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: key } },
  },
};

const physical = (logicalId: string) => (logicalId === 'NeverMade' ? undefined : `the-${logicalId}`);
const resolve = (value: unknown) => (value === key ? 'the-key' : undefined);

test('every setting that the emulator leaves out is set again, as the template has it', () => {
  expect(fixupsOf(template, physical, resolve)).toEqual([
    { set: 'table-ttl', table: 'the-Table', attribute: 'ttl' },
    { set: 'table-recovery', table: 'the-Table' },
    { set: 'table-encryption', table: 'the-Table', keyId: 'the-key' },
    {
      set: 'bucket-encryption',
      bucket: 'the-Bucket',
      rules: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'the-key' },
          BucketKeyEnabled: true,
        },
      ],
    },
    { set: 'topic-encryption', topic: 'the-Topic', keyId: 'the-key' },
  ]);
});
