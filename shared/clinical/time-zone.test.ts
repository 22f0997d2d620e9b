import { describe, expect, it } from 'vitest';
import { ianaTimeZone, tzdataVersion } from './time-zone.ts';

describe('ianaTimeZone', () => {
  it.each([
    ['America/New_York', 'America/New_York'],
    ['america/new_york', 'America/New_York'],
    ['Australia/Lord_Howe', 'Australia/Lord_Howe'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['UTC', 'UTC'],
  ])('knows %s', (name, zone) => {
    expect(ianaTimeZone(name)).toBe(zone);
  });

  const abbreviations = ['EST', 'est', 'PST', 'CET', 'IST', 'GMT', 'EST5EDT', 'HST', 'Z', 'WET', 'MST7MDT'];
  const offsets = ['+05:00', '-08:00', '+5', 'Etc/GMT+5', 'Etc/GMT-14', 'GMT+2', 'UTC+2', 'SystemV/EST5'];
  it.each([...abbreviations, ...offsets, '', 'Mars/Base', 'America', '../etc'])('refuses "%s"', (name) => {
    expect(ianaTimeZone(name)).toBeUndefined();
  });
});

it('names the version of the zone data', () => {
  expect(tzdataVersion()).toMatch(/^20\d\d[a-z]/);
});
