import type { FunctionName } from '#shared/contract/functions.ts';
import type { TableName } from '#shared/contract/tables.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';

/** Names of the stacks' outputs: what the smoke test and the laptop stack look up. */
export const OUTPUTS = {
  apiUrl: 'ApiUrl',
  apiId: 'ApiId',
  apiStage: 'ApiStage',
  topicArn: 'TopicArn',
  alarmTopicArn: 'AlarmTopicArn',
  busName: 'BusName',
  backupBucket: 'BackupBucketName',
  resultsBucket: 'ResultsBucketName',
  referenceBucket: 'ReferenceBucketName',
  auditBucket: 'AuditBucketName',
  sealKey: 'SealKeyArn',
  backupKey: 'BackupKeyArn',
  fieldKey: 'FieldKeyArn',
  tickQueueUrl: 'TickQueueUrl',
  tickDeadLetterQueueUrl: 'TickDeadLetterQueueUrl',
  dashboard: 'DashboardName',
  patientsPoolId: 'PatientsPoolId',
  patientsClientId: 'PatientsClientId',
  staffPoolId: 'StaffPoolId',
  staffClientId: 'StaffClientId',
} as const;

export const tableOutput = (table: TableName): string => `${pascal(table)}TableName`;
export const queueOutput = (priority: Priority): string => `${pascal(priority)}QueueUrl`;
export const deadLetterQueueOutput = (priority: Priority): string => `${pascal(priority)}DeadLetterQueueUrl`;

/** `variant` is the kind of a `submit-job` and the priority of a `worker`. */
export const functionOutput = (name: FunctionName, variant = ''): string =>
  `${pascal(functionId(name, variant))}FunctionName`;

/** Construct id of one deployed function. */
export const functionId = (name: FunctionName, variant = ''): string =>
  variant === '' ? name : `${name}-${variant.toLowerCase()}`;

/** `submit-job` → `SubmitJob`, `CRITICAL` → `Critical`. */
export const pascal = (text: string): string =>
  text
    .toLowerCase()
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
