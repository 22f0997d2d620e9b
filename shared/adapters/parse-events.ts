import { SORT_KEY } from '../contract/tables.ts';
import {
  type AcceptedRow,
  type BreakGlassRow,
  type DoseRow,
  type FillRow,
  type RefusalCount,
  SYSTEM_OWNER,
} from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Item } from './batch-get.ts';
import type { FieldCipher } from './field-cipher.ts';
import { type ItemKey, keyIn } from './item-keys.ts';
import { type FieldSpec, readFields, StoredItemError } from './row-fields.ts';

/** Version of the shape of each item of events. */
export const EVENT_VERSION = 1;

// Each throws StoredItemError when the item is of a shape that this code cannot read.

/** The jobs of one item, which one transaction accepted. */
export function acceptedOf(item: Item): AcceptedRow[] {
  // Written by this code only, as a list of such members.
  const { jobs } = readFields<{ jobs: Omit<AcceptedRow, 'acceptedAt'>[] }>(
    item,
    { jobs: 'list' },
    'accepted row',
  );
  const acceptedAt = item[SORT_KEY]?.S?.split('#')[1] ?? '';
  return jobs.map((job) => ({ ...job, acceptedAt }));
}

/** Left where a dose that is due at another time now, or open once more, had its row. */
export const isGone = (item: Item): boolean => item['gone']?.BOOL === true;

export function doseOf(item: Item): DoseRow {
  const { reason = null, ...row } = readFields<Omit<DoseRow, 'reason'> & { reason?: string }>(
    item,
    DOSE,
    'dose row',
  );
  return { ...row, reason };
}

const DOSE: FieldSpec<Omit<DoseRow, 'reason'> & { reason?: string }> = {
  occurrenceId: 'string',
  userRef: 'string',
  dueAt: 'string',
  status: 'string',
  reason: 'string?',
  expiresAt: 'string?',
  told: 'map?',
  answeredAt: 'string?',
  recordedAt: 'string',
};

export const fillPlace = (key: ItemKey) => ({ table: 'jobs', ...key, attribute: 'body' }) as const;

/** @throws FieldCipherError */
export async function openFill(cipher: FieldCipher, date: string, item: Item): Promise<FillRow> {
  const body = await cipher.open(fillPlace(keyIn(item)), SYSTEM_OWNER, item['body']?.B);
  if (typeof body !== 'object' || body === null || !('daysSupply' in body))
    throw new StoredItemError('A stored dispensing is of an unknown shape.');
  // Written by this code only, from a FillRow, and the envelope proves that it is unaltered.
  return { ...(body as unknown as Omit<FillRow, 'date'>), date };
}

export const refusalsOf = (item: Item): Omit<RefusalCount, 'hour'> =>
  readFields<Omit<RefusalCount, 'hour'>>(
    item,
    { step: 'string', code: 'string', count: 'number' },
    'refusal count',
  );

export const breakGlassOf = (item: Item): BreakGlassRow =>
  readFields<BreakGlassRow>(item, { id: 'string', at: 'string' }, 'break-glass row');

export const lateHoursOf = (item: Item): readonly Instant[] =>
  readFields<{ hours: Instant[] }>(item, { hours: 'list' }, 'late mark').hours;
