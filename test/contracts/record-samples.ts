import type { RecordWriteOf } from '#shared/jobs/ports.ts';
import { NOW } from './sample-jobs.ts';

/** A write of an active schedule whose next dose is due now. */
export const scheduleWrite = (
  owner: string,
  id: string,
  over: Partial<RecordWriteOf<'schedule'>['state']> = {},
  expectation: RecordWriteOf<'schedule'>['expect'] = 'any',
): RecordWriteOf<'schedule'> => ({
  type: 'schedule',
  owner,
  id,
  expect: expectation,
  state: { status: 'active', nextDueAt: NOW, acceptedAt: NOW, revision: 1, ...over },
  body: {
    userId: 'user-1',
    medicationId: 'medication-1',
    frequency: 'BID',
    times: ['08:00', '20:00'],
    timeZone: 'Europe/Berlin',
    startDate: '2031-05-06',
    tzdataVersion: '2030a',
  },
});

/** A write of an active medication, new unless a version is given. */
export const medicationWrite = (
  owner: string,
  id: string,
  expectation: RecordWriteOf<'medication'>['expect'] = 'absent',
): RecordWriteOf<'medication'> => ({
  type: 'medication',
  owner,
  id,
  expect: expectation,
  state: { status: 'active' },
  body: { userId: 'user-1', medicationId: 'medication-1' },
});

/** A write of an occurrence that does not stand yet. */
export const occurrenceWrite = (owner: string, id: string): RecordWriteOf<'occurrence'> => ({
  type: 'occurrence',
  owner,
  id,
  expect: 'absent',
  state: { status: 'scheduled', dueAt: NOW, scheduleRevision: 1, reason: null },
  body: {
    userId: 'user-1',
    medicationId: 'medication-1',
    localTime: '08:00',
    timeZone: 'UTC',
    slots: ['08:00'],
  },
});

/** Everything that a sequence gives, in its order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
