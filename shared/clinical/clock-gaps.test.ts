import { expect, it } from 'vitest';
import { shortestGapMinutes } from './clock-gaps.ts';

it.each([
  [['08:00'], 1440],
  [['08:00', '20:00'], 720],
  [['20:00', '08:00'], 720],
  [['08:00', '14:00'], 360],
  [['23:30', '00:15'], 45],
  [['06:00', '14:00', '22:00'], 480],
])('%j lie %i minutes apart at least', (times, expected) => {
  expect(shortestGapMinutes(times)).toBe(expected);
});
