import { earlierUseAfter } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { MedicationBody, RecordWriteOf, Ref, StoredRecord } from '../ports.ts';
import { useOnRecord } from './use-on-record.ts';

type Medication = Pick<StoredRecord<'medication'>, 'state' | 'body'>;

/**
 * What is to be written so that the use of a medication until now stays known when its facts or status change: with its
 * schedule, which stays where it is; before the first schedule with the medication itself.
 */
export function keptUse(
  stored: {
    readonly medication: Medication | undefined;
    readonly schedule: StoredRecord<'schedule'> | undefined;
  },
  after: Medication,
  owner: Ref,
  at: Instant,
): { readonly body: MedicationBody; readonly schedule?: RecordWriteOf<'schedule'> } {
  const { medication, schedule } = stored;
  const earlierUse = earlierUseAfter(
    useOnRecord(medication, schedule),
    useOnRecord(after, schedule),
    at,
    medication?.body.lastSnapshot,
  );
  if (!earlierUse) return { body: after.body };
  if (!schedule) return { body: { ...after.body, earlierUse } };
  const { id, state, version } = schedule;
  const body = { ...schedule.body, earlierUse };
  return {
    body: after.body,
    schedule: { type: 'schedule', owner, id, expect: version, state, body, isEntered: true },
  };
}
