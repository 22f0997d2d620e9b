import { deliveriesOf, earlierEnd, LONGEST_LATE_WINDOW_SECONDS, windowEnd } from '../clinical/index.ts';
import type { RecordWrite, Ref, StoredRecord } from '../jobs/ports.ts';
import { dosesBetween } from '../jobs/replacing/standing-doses.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import { orderJob } from './order-job.ts';
import type { NewJob } from './ports.ts';

export interface Confirmation {
  readonly jobs: readonly NewJob[];
  readonly writes: readonly RecordWrite[];
}

/**
 * The jobs that tell a dose which was held and which a person has confirmed: its delivery, at its time or at once, and of a
 * critical dose the watch over it; and the end of the doses before, which nobody is reminded of from then on. They belong
 * into the transaction of the confirmation.
 */
export async function confirmDose(
  deps: Pick<Engine, 'schedules' | 'records' | 'kinds' | 'random'>,
  owner: Ref,
  medicationRef: Ref,
  held: StoredRecord<'occurrence'>,
  { now, correlationId }: { readonly now: Instant; readonly correlationId: string },
): Promise<Confirmation> {
  const { id, state, body, version } = held;
  const schedule = await deps.schedules.read({ type: 'schedule', owner, id: medicationRef });
  const dose = { id, dueAt: state.dueAt, expiresAt: windowEnd(state) };
  const ids = { userId: body.userId, medicationId: body.medicationId };
  const jobs = deliveriesOf(
    dose,
    { ...ids, scheduleRevision: state.scheduleRevision },
    { critical: schedule?.body.critical === true, now },
  ).map(({ key, payload }) =>
    // One that was held when it was about to be told has had its delivery: this is another one.
    orderJob(deps, {
      order: payload,
      owner,
      now,
      key: `${key}#confirmed#${version}`,
      part: 'users-api',
      correlationId,
    }),
  );
  return { jobs, writes: await endsBefore(deps, owner, held) };
}

async function endsBefore(
  deps: Pick<Engine, 'records'>,
  owner: Ref,
  { body: { medicationId }, state: { dueAt } }: StoredRecord<'occurrence'>,
): Promise<readonly RecordWrite[]> {
  const from = addSeconds(dueAt, -LONGEST_LATE_WINDOW_SECONDS);
  const before = await dosesBetween(deps, { owner, medicationId }, from, dueAt);
  return before.flatMap(({ type, id, version, state, body }): RecordWrite[] => {
    const expiresAt = earlierEnd(state, dueAt);
    if (expiresAt === undefined) return [];
    return [{ type, owner, id, expect: version, state: { ...state, expiresAt }, body, replaces: state }];
  });
}
