import { describe, expect, it } from 'vitest';
import { dueOccurrence, occurrenceId, occurrenceRecord } from './due-occurrence.ts';
import { occurrencesBetween } from './occurrences.ts';

const elapsed = {
  frequency: 'Q1H',
  times: [],
  intervalHours: 1,
  anchor: '2026-11-01T04:30:00.000Z',
  timeZone: 'America/New_York',
  startDate: '2026-11-01',
};

describe('occurrenceId', () => {
  it('is safe in a URL, and tells the two hours of a fall-back day apart', () => {
    const ids = occurrencesBetween(elapsed, '2026-11-01T05:00:00Z', '2026-11-01T07:00:00Z').map((one) =>
      occurrenceId(one, 'm1'),
    );
    expect(ids).toEqual(['2026-11-01_0130W0400_m1', '2026-11-01_0130W0500_m1']);
    for (const id of ids) expect(encodeURIComponent(id)).toBe(id);
  });

  it('names offsets east of UTC, too', () => {
    const india = { ...elapsed, timeZone: 'Asia/Kolkata' };
    const [first] = occurrencesBetween(india, '2026-11-01T05:00:00Z', '2026-11-01T07:00:00Z');
    expect(first && occurrenceId(first, 'm1')).toBe('2026-11-01_1100E0530_m1');
  });

  it('is in order of local date and clock time, whatever the medication', () => {
    const at = (localDate: string, slot: string, ref: string) =>
      occurrenceId({ localDate, slots: [slot] }, ref);
    const ids = [
      at('2026-11-02', '08:00', 'a'),
      at('2026-11-01', '20:00', 'a'),
      at('2026-11-01', '08:00', 'z'),
    ];
    expect(ids.toSorted()).toEqual(ids.toReversed());
  });

  it('is the same for the same dose, and carries the end of its window into the record', () => {
    const [one, again] = [0, 1].map(
      () => occurrencesBetween(elapsed, '2026-11-01T08:00:00Z', '2026-11-01T09:00:00Z')[0],
    );
    if (!one || !again) throw new Error('There is a dose in that hour.');
    const due = dueOccurrence(one, 'm1', '2026-11-01T09:00:00.000Z');
    expect(dueOccurrence(again, 'm1', '2026-11-01T09:00:00.000Z').id).toBe(due.id);
    const owner = { userId: 'p1', medicationId: 'm', scheduleRevision: 1 };
    expect(occurrenceRecord(due, owner)).toMatchObject({
      id: due.id,
      state: { status: 'scheduled', expiresAt: '2026-11-01T09:00:00.000Z' },
    });
  });
});
