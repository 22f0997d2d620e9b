import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { INDEXES } from '../contract/tables.ts';
import { checkAtRunning } from '../lifecycle/check-at.ts';
import { type ClaimRequest, EARLY_TOLERANCE_SECONDS } from '../lifecycle/claim.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { ROW_VERSION } from '../lifecycle/job-row.ts';
import { leaseSeconds } from '../lifecycle/priority.ts';
import { TRANSITIONS } from '../lifecycle/transitions.ts';
import { keyOf } from './batch-get.ts';
import { jobRowKey } from './item-keys.ts';
import { watchSort } from './job-row-item.ts';

/** Statuses that a claim takes without asking for a lease. */
const RESTING = TRANSITIONS.claim.from.filter((status) => status !== 'running');

/**
 * The claim as one conditional update. The condition says what `refuseClaim` says, the update what `claimed` says;
 * the contract suite holds them against each other.
 * @param token tells our own claim from another's when the SDK repeats the call after a lost answer
 */
export function claimUpdate(request: ClaimRequest, token: string): Omit<UpdateItemCommandInput, 'TableName'> {
  const { jobId, now, timing } = request;
  const leaseUntil = addSeconds(now, leaseSeconds(timing));
  const checkAt = checkAtRunning(leaseUntil, timing);
  const resting = Object.fromEntries(RESTING.map((status, index) => [`:resting${index}`, status]));
  return {
    Key: keyOf(jobRowKey(jobId)),
    ConditionExpression: [
      'attribute_exists(pk)',
      'rowVersion <= :rowVersion',
      'generation = :generation',
      `(#status IN (${Object.keys(resting).join(', ')}) OR (#status = :running AND (attribute_not_exists(leaseUntil) OR leaseUntil <= :now)))`,
      '(attribute_not_exists(expiresAt) OR expiresAt > :now)',
      'attempt < attemptLimit',
      'dueAt <= :now',
      '(attribute_not_exists(nextAttemptAt) OR nextAttemptAt <= :tolerated)',
    ].join(' AND '),
    UpdateExpression: [
      'SET #status = :running',
      'attempt = attempt + :one',
      'fence = fence + :one',
      'leaseUntil = :leaseUntil',
      'checkAt = :checkAt',
      'checks = :zero',
      'attempts = list_append(attempts, :note)',
      'claimToken = :token',
      `${INDEXES.jobsByWatch.sort} = :watchSort REMOVE nextAttemptAt`,
    ].join(', '),
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: marshall({
      ...resting,
      ':rowVersion': ROW_VERSION,
      ':generation': request.generation,
      ':running': TRANSITIONS.claim.to,
      ':now': now,
      ':tolerated': addSeconds(now, EARLY_TOLERANCE_SECONDS),
      ':one': 1,
      ':zero': 0,
      ':leaseUntil': leaseUntil,
      ':checkAt': checkAt,
      ':watchSort': watchSort(checkAt, jobId),
      ':note': [{ generation: request.generation, startedAt: now }],
      ':token': token,
    }),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}
