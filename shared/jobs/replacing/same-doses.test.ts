import { expect, it } from 'vitest';
import type { StoredRecord } from '../ports.ts';
import { asksForTheSame } from './same-doses.ts';

const schedule = (more: object): StoredRecord<'schedule'> => ({
  type: 'schedule',
  id: 'm',
  version: 3,
  state: {
    status: 'active',
    nextDueAt: null,
    acceptedAt: '2027-03-03T14:00:00.000Z',
    revision: 3,
    sameSince: 2,
  },
  body: {
    userId: 'u',
    medicationId: 'm',
    frequency: 'QD',
    times: ['08:00'],
    timeZone: 'Europe/Berlin',
    startDate: '2027-03-01',
    tzdataVersion: '2026a',
    ...more,
  },
});
const dose = { id: '2027-03-03_0800_m', revision: 2 };

it.each<[boolean, string, object, Partial<typeof dose>]>([
  [true, 'on the last day of its course', { endDate: '2027-03-03' }, {}],
  [false, 'of a day after its course, whose shortening was carried out late', { endDate: '2027-03-02' }, {}],
  [
    true,
    'of a later date elsewhere',
    { endDate: '2027-03-02', stays: [{ since: '2027-03-01T00:00:00.000Z', timeZone: 'Asia/Tokyo' }] },
    {},
  ],
  [false, 'of an earlier prescription', {}, { revision: 1 }],
  [false, 'of a revision to come', {}, { revision: 4 }],
])('%s for a dose %s', (expected, _, more, other) => {
  expect(asksForTheSame(schedule(more), { ...dose, ...other })).toBe(expected);
});
