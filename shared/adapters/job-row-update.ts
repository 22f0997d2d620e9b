import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { JobRow } from '../lifecycle/job-row.ts';
import { TRANSITIONS, type TransitionEvent } from '../lifecycle/transitions.ts';
import { keyOf } from './batch-get.ts';
import { jobRowKey } from './item-keys.ts';
import { type RowImage, rowImage } from './job-row-item.ts';

export interface RowUpdate {
  readonly table: string;
  readonly before: JobRow;
  readonly after: JobRow;
  readonly watchShards: number;
  /** Equality that must hold now, besides the status. */
  readonly unchanged: Partial<JobRow>;
  /** The status change; absent when the status stays (a parent's countdown). */
  readonly event?: TransitionEvent;
}

/**
 * Writes the difference between two readings of a row, so that what others moved meanwhile without claiming it (a
 * touched `checkAt`, a counted resend) stays as they left it.
 */
export function rowUpdate(update: RowUpdate): TransactWriteItem {
  const { before, after } = update;
  const allowed: readonly string[] = update.event ? TRANSITIONS[update.event].from : [before.status];
  const statuses = Object.fromEntries(allowed.map((status, index) => [`:from${index}`, status]));
  const equal = Object.entries(update.unchanged).filter(([, value]) => value !== undefined);
  const { set, remove } = difference(
    rowImage(before, update.watchShards),
    rowImage(after, update.watchShards),
  );
  const names = [...new Set([...equal.map(([name]) => name), ...Object.keys(set), ...remove, 'status'])];
  const setText = Object.keys(set).map((name) => `#${name} = :set_${name}`);
  const removeText = remove.map((name) => `#${name}`);
  return {
    Update: {
      TableName: update.table,
      Key: keyOf(jobRowKey(before.jobId)),
      ConditionExpression: [
        `#status IN (${Object.keys(statuses).join(', ')})`,
        ...equal.map(([name]) => `#${name} = :is_${name}`),
      ].join(' AND '),
      UpdateExpression: [
        `SET ${setText.join(', ')}`,
        ...(removeText.length > 0 ? [`REMOVE ${removeText.join(', ')}`] : []),
      ].join(' '),
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: marshall(
        {
          ...statuses,
          ...Object.fromEntries(equal.map(([name, value]) => [`:is_${name}`, value])),
          ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:set_${name}`, value])),
        },
        { removeUndefinedValues: true },
      ),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

function difference(before: RowImage, after: RowImage) {
  const present = (image: RowImage, name: string) => image[name] !== undefined;
  const changed = Object.keys(after).filter(
    (name) =>
      present(after, name) &&
      // Attempts are always written: the stored notes of a claim have no numbers yet.
      (name === 'attempts' || JSON.stringify(after[name]) !== JSON.stringify(before[name])),
  );
  return {
    set: Object.fromEntries(changed.map((name) => [name, after[name]])),
    remove: Object.keys(before).filter((name) => present(before, name) && !present(after, name)),
  };
}
