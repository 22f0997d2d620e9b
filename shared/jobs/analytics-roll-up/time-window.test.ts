import { describe, expect, it } from 'vitest';
import vectors from '#test/data/rollup-vectors.json' with { type: 'json' };
import { hoursOf, isoOf, openWindow, rollUpId, type TimeWindow } from './time-window.ts';

function windowOf(start: string, end: string): TimeWindow {
  const opened = openWindow({ start, end });
  if (!opened.ok) throw new Error('The test needs a window.');
  return opened.window;
}

describe('a window', () => {
  it.each([
    ['23 hours of a spring-forward day', '2026-03-08T00:00:00-05:00', '2026-03-09T00:00:00-04:00', 23],
    ['25 hours of a fall-back day', '2026-11-01T00:00:00-04:00', '2026-11-02T00:00:00-05:00', 25],
    ['parts of hours at both ends', '2026-03-01T10:30:00Z', '2026-03-01T12:15:00Z', 3],
    ['a zone of half hours', '2026-03-01T00:00:00+05:30', '2026-03-01T01:00:00+05:30', 2],
  ])('falls into UTC hours without gap or overlap: %s', (_, start, end, count) => {
    const window = windowOf(start, end);
    const hours = hoursOf(window);
    expect(hours).toHaveLength(count);
    expect(hours[0]?.startMs).toBe(window.startMs);
    expect(hours.at(-1)?.endMs).toBe(window.endMs);
    for (const [index, hour] of hours.entries()) {
      expect(hour.startMs).toBeLessThan(hour.endMs);
      if (index > 0) expect(hour.startMs).toBe(hours[index - 1]?.endMs);
      expect(Math.floor(hour.startMs / 3_600_000)).toBe(Math.floor((hour.endMs - 1) / 3_600_000));
    }
  });

  it.each(vectors.cases.filter(({ date }) => date !== undefined))('$title', ({ expected }) => {
    const { start, end, hours } = expected as { start: string; end: string; hours: number };
    expect(hoursOf(windowOf(start, end))).toHaveLength(hours);
  });

  it('holds the same whole milliseconds when it is given finer', () => {
    const window = windowOf('2026-03-01T00:00:00.000001Z', '2026-03-01T23:59:59.999999Z');
    expect(isoOf(window.startMs)).toBe('2026-03-01T00:00:00.001Z');
    expect(isoOf(window.endMs)).toBe('2026-03-02T00:00:00.000Z');
  });

  it.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z', 'hour#2026-03-01T10:00:00.000Z'],
    ['2026-03-01T11:00+01:00', '2026-03-01T12:00+01:00', 'hour#2026-03-01T10:00:00.000Z'],
    ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', 'day#2026-03-01T00:00:00.000Z'],
    [
      '2026-03-08T00:00:00-05:00',
      '2026-03-09T00:00:00-04:00',
      'range#2026-03-08T05:00:00.000Z#2026-03-09T04:00:00.000Z',
    ],
    [
      '2026-03-01T10:30:00Z',
      '2026-03-01T11:30:00Z',
      'range#2026-03-01T10:30:00.000Z#2026-03-01T11:30:00.000Z',
    ],
  ])('is stored under one id, however its offset was written: %s to %s', (start, end, id) => {
    expect(rollUpId(windowOf(start, end))).toBe(id);
  });
});
