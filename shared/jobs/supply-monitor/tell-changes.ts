import type { Instant } from '../../lifecycle/instant.ts';
import type { RecordWriteOf, Ref, StoredRecord, ToldSupply, World } from '../ports.ts';
import type { Projected } from './medication-outcome.ts';

/** A medication whose urgency is another one than was last told. */
export interface Change {
  readonly outcome: Projected;
  readonly medication: StoredRecord<'medication'>;
  readonly told: ToldSupply;
  /** An earlier attempt, or an earlier job, began to tell the same and may have done so. */
  readonly possibleDuplicate: boolean;
}

/** Nothing was told about a medication so far: as long as it is `ok`, nobody has to hear of it. */
const NEVER_TOLD = 'ok';

/** The change that one outcome makes; `undefined` when what was told last still holds, or the urgency is not known. */
export function changeOf(
  outcome: Projected,
  medication: StoredRecord<'medication'>,
  jobId: string,
  now: Instant,
): Change | undefined {
  const { urgency } = outcome;
  const last = medication.body.toldSupply;
  if (urgency === null) return undefined;
  const isSame = urgency === (last?.urgency ?? NEVER_TOLD);
  if (isSame && last?.status !== 'sending') return undefined;
  const eventId = isSame && last ? last.eventId : `${jobId}_${medication.id}`;
  const told: ToldSupply = { urgency, status: 'sending', eventId, at: now };
  return { outcome, medication, told, possibleDuplicate: isSame };
}

/**
 * Tells each change: writes that it is about to, publishes, and answers the records that say it is done, for the job's
 * final transaction. An attempt that dies in between leaves `sending`, and the next one flags its message.
 */
export async function tellChanges(
  world: World,
  job: { readonly jobId: string; readonly userId: string; readonly owner: Ref },
  changes: readonly Change[],
): Promise<RecordWriteOf<'medication'>[]> {
  if (changes.length === 0) return [];
  await world.recordIntent(changes.map((change) => written(change, job.owner, change.told, 0)));
  for (const { outcome, told, possibleDuplicate } of changes)
    await world.publisher.publishSupply({
      type: 'supply.urgency_changed',
      event_id: told.eventId,
      user_ref: job.owner,
      user_id: job.userId,
      medication_id: outcome.medication_id,
      job_id: job.jobId,
      possible_duplicate: possibleDuplicate,
    });
  return changes.map((change) => written(change, job.owner, { ...change.told, status: 'told' }, 1));
}

/** @param intents how many writes of this attempt came before */
const written = (
  { medication }: Change,
  owner: Ref,
  toldSupply: ToldSupply,
  intents: number,
): RecordWriteOf<'medication'> => ({
  type: 'medication',
  owner,
  id: medication.id,
  expect: medication.version + intents,
  state: medication.state,
  body: { ...medication.body, toldSupply },
});
