import { expect, test } from 'vitest';
import { durationMs, offsetForInstant } from './clock-offset.ts';

test.each([
  ['PT90S', 90_000],
  ['PT0.5S', 500],
  ['PT2H30M', 9_000_000],
  ['P1DT12H', 129_600_000],
  ['-PT1M', -60_000],
])('%s is %d ms', (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});

test.each(['', 'P', 'PT', '90', '1h', 'P1M', 'PT1', 'P-1D'])('"%s" is no duration', (text) => {
  expect(() => durationMs(text)).toThrow(/no duration/);
});

test('an instant is an offset from now, in either direction', () => {
  const now = Date.parse('2026-11-23T20:55:00Z');
  expect(offsetForInstant('2026-11-23T21:00:00Z', now)).toBe(300_000);
  expect(offsetForInstant('2026-11-23T15:54:00-05:00', now)).toBe(-60_000);
});

test.each(['tomorrow', '2026-11-23', '2026-11-23T20:55:00', '2026-13-01T00:00:00Z'])(
  '"%s" is no instant',
  (text) => {
    expect(() => offsetForInstant(text, 0)).toThrow(/no instant/);
  },
);
