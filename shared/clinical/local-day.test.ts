import { describe, expect, it } from 'vitest';
import { followedTimeZone } from './followed-zone.ts';
import { plusDays, startOfDay } from './local-day.ts';

describe('startOfDay', () => {
  it.each([
    ['2027-03-01', 'America/New_York', '2027-03-01T05:00:00.000Z'],
    ['2027-03-01', 'UTC', '2027-03-01T00:00:00.000Z'],
    // Cuba's clocks go from 23:59 to 01:00: the day begins an hour after the midnight that it does not have.
    ['2027-03-14', 'America/Havana', '2027-03-14T05:00:00.000Z'],
  ])('%s in %s is %s', (date, zone, instant) => {
    expect(startOfDay(date, zone)).toBe(instant);
  });
});

it('counts calendar days over the end of months and years', () => {
  expect(plusDays('2028-02-28', 2)).toBe('2028-03-01');
  expect(plusDays('2027-01-01', -1)).toBe('2026-12-31');
});

describe('followedTimeZone', () => {
  const home = { timeZone: 'Europe/Berlin' };
  const current = { currentTimeZone: 'Asia/Tokyo' };
  it('is the one at home unless the user follows the present stay', () => {
    expect(followedTimeZone(home)).toBe('Europe/Berlin');
    expect(followedTimeZone({ ...home, preferences: { ...current, follow: 'home' } })).toBe('Europe/Berlin');
    expect(followedTimeZone({ ...home, preferences: { ...current, follow: 'current' } })).toBe('Asia/Tokyo');
    expect(followedTimeZone({ ...home, preferences: { follow: 'current' } })).toBe('Europe/Berlin');
    expect(followedTimeZone({})).toBeUndefined();
  });
});
