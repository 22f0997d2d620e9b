import { deliveriesOf, windowEnd } from '../clinical/index.ts';
import type { Ref, StoredRecord } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import { orderJob } from './order-job.ts';
import type { NewJob } from './ports.ts';

/**
 * The jobs that tell a dose which was held and which a person has confirmed: its delivery, at its time or at once, and of a
 * critical dose the watch over it. They belong into the transaction of the confirmation.
 */
export async function confirmDose(
  deps: Pick<Engine, 'schedules' | 'kinds' | 'random'>,
  owner: Ref,
  medicationRef: Ref,
  { id, state, body }: StoredRecord<'occurrence'>,
  { now, correlationId }: { readonly now: Instant; readonly correlationId: string },
): Promise<readonly NewJob[]> {
  const schedule = await deps.schedules.read({ type: 'schedule', owner, id: medicationRef });
  const dose = { id, dueAt: state.dueAt, expiresAt: windowEnd(state) };
  const ids = { userId: body.userId, medicationId: body.medicationId };
  return deliveriesOf(
    dose,
    { ...ids, scheduleRevision: state.scheduleRevision },
    { critical: schedule?.body.critical === true, now },
  ).map(({ key, payload }) =>
    orderJob(deps, { order: payload, owner, now, key, part: 'users-api', correlationId }),
  );
}
