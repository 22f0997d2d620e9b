import { describe, expect, it } from 'vitest';
import type { ReminderState } from './reminder-states.ts';
import type { Schedule } from './schedule.ts';
import {
  closeTogetherHours,
  type SpacingCause,
  type StandingDose,
  spacing,
  spacingHours,
} from './spacing.ts';

const at = (clock: string): string => `2026-06-01T${clock}:00.000Z`;
const dose = (clock: string, id = `new-${clock}`) => ({ id, dueAt: at(clock) });
const standing = (clock: string, set: Partial<StandingDose> = {}): StandingDose => ({
  id: `old-${clock}`,
  dueAt: at(clock),
  status: 'published',
  reason: null,
  ...set,
});
const verdict = (
  clock: string,
  doses: readonly StandingDose[],
  cause: SpacingCause = 'replacement',
  hours = 6,
) => spacing({ dose: dose(clock), standing: doses, hours, cause });

describe('a dose of a new schedule', () => {
  it('is told half the interval after one that was told, and not a minute earlier', () => {
    expect(verdict('14:00', [standing('08:00')])).toEqual({ verdict: 'send' });
    expect(verdict('13:59', [standing('08:00')])).toEqual({
      verdict: 'too_close',
      near: standing('08:00'),
    });
  });

  it('is held after a change of zone, so that a person decides', () => {
    expect(verdict('13:59', [standing('08:00')], 'zone_change')).toMatchObject({
      verdict: 'needs_confirmation',
    });
    expect(verdict('14:00', [standing('08:00')], 'zone_change')).toEqual({ verdict: 'send' });
  });

  it('keeps away from a dose that was taken before its time, too', () => {
    const early = standing('20:00', { status: 'taken', takenAt: at('15:00') });
    expect(verdict('19:00', [early])).toMatchObject({ verdict: 'too_close', near: early });
    expect(verdict('21:00', [early])).toEqual({ verdict: 'send' });
    expect(verdict('09:30', [early])).toMatchObject({ verdict: 'too_close' });
  });

  it('names the nearest of several', () => {
    expect(verdict('12:00', [standing('08:00'), standing('10:00'), standing('16:00')])).toMatchObject({
      near: { id: 'old-10:00' },
    });
  });

  it.each<[ReminderState, string | null, string]>([
    ['sending', null, 'too_close'],
    ['published', null, 'too_close'],
    ['delivered', null, 'too_close'],
    ['undelivered', null, 'too_close'],
    ['snoozed', null, 'too_close'],
    ['taken', null, 'too_close'],
    ['not_sent', 'delivery_uncertain', 'too_close'],
    ['not_sent', 'too_late', 'send'],
    ['skipped', null, 'send'],
    ['scheduled', null, 'send'],
    ['needs_confirmation', 'close_after_zone_change', 'send'],
  ])('next to one that is %s (%s): %s', (status, reason, expected) => {
    expect(verdict('10:00', [standing('08:00', { status, reason })]).verdict).toBe(expected);
  });

  it('is never told when the very same one was told or answered, whatever its distance is called', () => {
    for (const status of ['published', 'taken', 'skipped'] as const)
      for (const cause of ['replacement', 'zone_change'] as const)
        expect(verdict('08:00', [standing('08:00', { id: 'new-08:00', status })], cause, 0)).toEqual({
          verdict: 'told',
        });
    // Under another id, at the same moment.
    expect(verdict('08:00', [standing('08:00')], 'zone_change', 0)).toEqual({ verdict: 'told' });
  });
});

describe('a dose that was held and confirmed', () => {
  const confirmed = standing('10:00', { id: 'new-10:00', status: 'scheduled', confirmed: true });
  const near = standing('08:00');

  it.each<SpacingCause>(['zone_change', 'replacement'])(
    'stays so when the schedule is made anew with the same dose: %s',
    (cause) => {
      expect(verdict('10:00', [near, confirmed], cause)).toEqual({ verdict: 'send' });
    },
  );

  it('is another dose at another moment', () => {
    const moved = { ...confirmed, dueAt: at('11:00') };
    expect(verdict('10:00', [near, moved])).toMatchObject({ verdict: 'too_close' });
  });
});

const scheduleWith = (schedule: Partial<Schedule>): Schedule => ({
  frequency: 'QD',
  times: ['08:00'],
  timeZone: 'America/New_York',
  startDate: '2026-03-01',
  ...schedule,
});

describe('spacingHours', () => {
  it.each<[string, number, Partial<Schedule>]>([
    ['once a day', 12, {}],
    ['twice a day', 6, { frequency: 'BID', times: ['08:00', '20:00'] }],
    ['three times, unevenly', 4, { frequency: 'TID', times: ['08:00', '14:00', '20:00'] }],
    ['closer than half the nominal interval', 2, { frequency: 'TID', times: ['08:00', '10:00', '12:00'] }],
    ['every six hours', 3, { frequency: 'Q6H', times: [], intervalHours: 6, anchor: at('00:00') }],
    ['once a week', 84, { frequency: 'WK', weekdays: [1] }],
    ['a single day of two doses', 6, { frequency: 'BID', times: ['08:00', '20:00'], endDate: '2026-03-01' }],
    ['as needed', 0, { frequency: 'PRN', times: [] }],
    ['a single dose', 0, { frequency: 'STAT', times: [], anchor: at('00:00') }],
  ])('%s: %d', (_name, hours, schedule) => {
    expect(spacingHours(scheduleWith(schedule))).toBe(hours);
  });
});

describe('closeTogetherHours', () => {
  it.each<[string, number | undefined, Partial<Schedule>]>([
    ['once a day', undefined, {}],
    ['twice a day, evenly', undefined, { frequency: 'BID', times: ['08:00', '20:00'] }],
    ['twice a day, a little shifted', undefined, { frequency: 'BID', times: ['08:00', '18:00'] }],
    ['morning and noon', 4, { frequency: 'BID', times: ['08:00', '12:00'] }],
    ['a window that ends with the next dose', 6, { frequency: 'BID', times: ['08:00', '14:00'] }],
    ['over midnight', 2, { frequency: 'BID', times: ['01:00', '23:00'] }],
    ['with meals', undefined, { frequency: 'TID', times: ['08:00', '13:00', '19:00'] }],
    ['elapsed hours', undefined, { frequency: 'Q6H', times: [], intervalHours: 6, anchor: at('00:00') }],
    ['as needed', undefined, { frequency: 'PRN', times: [] }],
  ])('%s: %s', (_name, hours, schedule) => {
    expect(closeTogetherHours(scheduleWith(schedule))).toBe(hours);
  });
});
