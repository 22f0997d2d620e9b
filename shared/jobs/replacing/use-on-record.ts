import type { UseOnRecord } from '../../clinical/index.ts';
import type { StoredRecord } from '../ports.ts';

type Medication = Pick<StoredRecord<'medication'>, 'state' | 'body'>;

/** What a medication's two records say of its use. */
export const useOnRecord = (
  medication: Medication | undefined,
  schedule: StoredRecord<'schedule'> | undefined,
): UseOnRecord => ({
  stopped: medication?.state.status === 'stopped',
  facts: medication?.body ?? {},
  schedule: schedule && {
    active: schedule.state.status === 'active',
    changedAt: schedule.state.acceptedAt,
    body: schedule.body,
  },
});
