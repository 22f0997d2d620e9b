import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RetryableError } from '../errors/attempt-error.ts';
import { type ClaimRequest, refuseClaim } from '../lifecycle/claim.ts';
import type { ClaimAnswer } from '../operations/ports.ts';
import { claimUpdate } from './claim-update.ts';
import { parseJobRow } from './job-row-item.ts';
import { updateItem } from './update-item.ts';

/** One conditional update. A refused one brings the row along, and the row says why. */
export async function claimJob(
  client: DynamoDBClient,
  table: string,
  request: ClaimRequest,
  token: string,
): Promise<ClaimAnswer> {
  const { updated, item } = await updateItem(client, { TableName: table, ...claimUpdate(request, token) });
  const row = item && parseJobRow(item);
  if (updated && row) return { row };
  // The SDK repeated a call whose answer was lost: the claim that stands is ours.
  if (row?.status === 'running' && item?.['claimToken']?.S === token) return { row };
  const refusal = refuseClaim(row, request);
  // The condition and the rule are one; a contract test holds them against each other.
  if (!refusal)
    throw new RetryableError('conflict', 'A claim was refused for a reason that its row does not show.');
  return { refusal };
}
