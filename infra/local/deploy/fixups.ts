import { isObject, type Properties, type Template } from './template.ts';

/** A setting that the emulator's CloudFormation leaves out and its service API takes. */
export type Fixup =
  | { readonly set: 'table-ttl'; readonly table: string; readonly attribute: string }
  | { readonly set: 'table-recovery'; readonly table: string }
  | { readonly set: 'table-encryption'; readonly table: string; readonly keyId: string }
  | { readonly set: 'bucket-encryption'; readonly bucket: string; readonly rules: unknown }
  | { readonly set: 'bucket-lock'; readonly bucket: string; readonly mode: string; readonly days: number }
  | { readonly set: 'topic-encryption'; readonly topic: string; readonly keyId: string };

/**
 * What has to be set again after a deployment, read from the template itself.
 * @param resolve value of a property or of a reference in it, `undefined` when it cannot be known
 */
export function fixupsOf(
  template: Template,
  physicalId: (logicalId: string) => string | undefined,
  resolve: (value: unknown) => string | undefined,
): Fixup[] {
  return Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
    const id = physicalId(logicalId);
    const fixups = FIXUPS[Type];
    return id === undefined || !fixups ? [] : fixups(id, Properties, resolve);
  });
}

type FixupsOfType = (
  id: string,
  properties: Properties,
  resolve: (value: unknown) => string | undefined,
) => Fixup[];

const FIXUPS: Readonly<Record<string, FixupsOfType>> = {
  'AWS::DynamoDB::Table': (table, properties, resolve) => {
    const ttl = member(properties, 'TimeToLiveSpecification', 'AttributeName');
    const keyId = resolve(member(properties, 'SSESpecification', 'KMSMasterKeyId'));
    const recovery = member(properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled');
    return [
      ...(typeof ttl === 'string' ? [{ set: 'table-ttl' as const, table, attribute: ttl }] : []),
      ...(recovery === true ? [{ set: 'table-recovery' as const, table }] : []),
      ...(keyId === undefined ? [] : [{ set: 'table-encryption' as const, table, keyId }]),
    ];
  },
  'AWS::S3::Bucket': (bucket, properties, resolve) => {
    const rules = member(properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration');
    const lock = ['ObjectLockConfiguration', 'Rule', 'DefaultRetention'];
    const mode = member(properties, ...lock, 'Mode');
    const days = member(properties, ...lock, 'Days');
    const encryption = Array.isArray(rules) && rules.map((rule: unknown) => encryptionRule(rule, resolve));
    return [
      ...(encryption ? [{ set: 'bucket-encryption' as const, bucket, rules: encryption }] : []),
      ...(typeof mode === 'string'
        ? [{ set: 'bucket-lock' as const, bucket, mode, days: Number(days) }]
        : []),
    ];
  },
  'AWS::SNS::Topic': (topic, properties, resolve) => {
    const keyId = resolve(properties['KmsMasterKeyId']);
    return keyId === undefined ? [] : [{ set: 'topic-encryption', topic, keyId }];
  },
};

function encryptionRule(rule: unknown, resolve: (value: unknown) => string | undefined) {
  const algorithm = member(rule, 'ServerSideEncryptionByDefault', 'SSEAlgorithm');
  const keyId = resolve(member(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID'));
  return {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: algorithm,
      ...(keyId === undefined ? {} : { KMSMasterKeyID: keyId }),
    },
    BucketKeyEnabled: member(rule, 'BucketKeyEnabled') === true,
  };
}

const member = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), value);
