import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { INDEXES } from '../contract/tables.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { JobStore } from '../operations/ports.ts';
import { keyOf } from './batch-get.ts';
import { jobRowKey } from './item-keys.ts';
import { watchSort } from './job-row-item.ts';

/** Members that must be as they were read: who finds them changed was not first, or comes too late. */
const UNCHANGED = ['status', 'generation', 'fence', 'chainSeq', 'checkAt', 'checks', 'resends'] as const;

/** Moves a row's next check on, as one conditional update. */
export function touchUpdate(
  row: JobRow,
  next: Parameters<JobStore['touch']>[1],
): Omit<UpdateItemCommandInput, 'TableName'> {
  const conditions = UNCHANGED.map((name) =>
    row[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`,
  );
  const assignments = [
    '#checkAt = :nextCheckAt',
    '#checks = :nextChecks',
    `${INDEXES.jobsByWatch.sort} = :watchSort`,
    ...(next.resends === undefined ? [] : ['#resends = :nextResends']),
  ];
  return {
    Key: keyOf(jobRowKey(row.jobId)),
    ConditionExpression: conditions.join(' AND '),
    UpdateExpression: `SET ${assignments.join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(UNCHANGED.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: marshall(
      {
        ...Object.fromEntries(UNCHANGED.map((name) => [`:${name}`, row[name]])),
        ':nextCheckAt': next.checkAt,
        ':nextChecks': next.checks,
        ':nextResends': next.resends,
        ':watchSort': watchSort(next.checkAt, row.jobId),
      },
      { removeUndefinedValues: true },
    ),
  };
}
