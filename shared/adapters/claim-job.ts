import {
  type ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { RetryableError } from '../errors/attempt-error.ts';
import { type ClaimRequest, refuseClaim } from '../lifecycle/claim.ts';
import type { ClaimAnswer } from '../operations/ports.ts';
import type { Item } from './batch-get.ts';
import { claimUpdate } from './claim-update.ts';
import { parseJobRow } from './job-row-item.ts';
import { isNamed, translateSdkError } from './sdk-errors.ts';

/** One conditional update. A refused one brings the row along, and the row says why. */
export async function claimJob(
  client: DynamoDBClient,
  table: string,
  request: ClaimRequest,
  token: string,
): Promise<ClaimAnswer> {
  try {
    const answer = await client.send(
      new UpdateItemCommand({ TableName: table, ...claimUpdate(request, token) }),
    );
    return { row: parseJobRow(answer.Attributes ?? {}) };
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException'))
      throw translateSdkError(error, 'DynamoDB UpdateItem');
    // Matched by name just above.
    return refused((error as ConditionalCheckFailedException).Item, request, token);
  }
}

function refused(item: Item | undefined, request: ClaimRequest, token: string): ClaimAnswer {
  const row = item && parseJobRow(item);
  // The SDK repeated a call whose answer was lost: the claim that stands is ours.
  if (row && item['claimToken']?.S === token && row.status === 'running') return { row };
  const refusal = refuseClaim(row, request);
  // The condition and the rule are one; a contract test holds them against each other.
  if (!refusal)
    throw new RetryableError('conflict', 'A claim was refused for a reason that its row does not show.');
  return { refusal };
}
