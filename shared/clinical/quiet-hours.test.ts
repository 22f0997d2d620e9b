import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { quietUntil } from './quiet-hours.ts';

const NIGHT = { from: '22:00', to: '07:00' };
const NEW_YORK = 'America/New_York';

describe('quietUntil', () => {
  it.each([
    ['2026-06-02T01:59:59.999Z', undefined],
    ['2026-06-02T02:00:00.000Z', '2026-06-02T11:00:00.000Z'],
    ['2026-06-02T04:30:00.000Z', '2026-06-02T11:00:00.000Z'],
    ['2026-06-02T10:59:59.999Z', '2026-06-02T11:00:00.000Z'],
    ['2026-06-02T11:00:00.000Z', undefined],
  ])('across midnight, at %s: %s', (now, until) => {
    expect(quietUntil(now, NIGHT, NEW_YORK)).toBe(until);
  });

  it.each([
    ['2026-06-02T12:59:59.999Z', undefined],
    ['2026-06-02T13:00:00.000Z', '2026-06-02T15:30:00.000Z'],
    ['2026-06-02T15:30:00.000Z', undefined],
    ['2026-06-02T04:00:00.000Z', undefined],
  ])('within one day, at %s: %s', (now, until) => {
    expect(quietUntil(now, { from: '13:00', to: '15:30' }, 'UTC')).toBe(until);
  });

  it('ends by the wall clock when the night is an hour shorter or longer', () => {
    expect(quietUntil('2026-03-08T04:00:00.000Z', NIGHT, NEW_YORK)).toBe('2026-03-08T11:00:00.000Z');
    expect(quietUntil('2026-11-01T04:00:00.000Z', NIGHT, NEW_YORK)).toBe('2026-11-01T12:00:00.000Z');
  });

  it('end with the gap into which their end falls: from then on the clock shows no quiet time', () => {
    const quiet = { from: '22:00', to: '02:30' };
    expect(quietUntil('2026-03-08T06:30:00.000Z', quiet, NEW_YORK)).toBe('2026-03-08T07:00:00.000Z');
    expect(quietUntil('2026-03-08T06:59:00.000Z', { ...quiet, to: '02:00' }, NEW_YORK)).toBe(
      '2026-03-08T07:00:00.000Z',
    );
    expect(quietUntil('2026-03-08T07:00:00.000Z', quiet, NEW_YORK)).toBeUndefined();
  });

  it.each([
    // 01:10 for the first and for the second time.
    ['2026-11-01T05:10:00.000Z', '2026-11-01T05:30:00.000Z'],
    ['2026-11-01T06:10:00.000Z', '2026-11-01T06:30:00.000Z'],
    // 01:40 for the first time: the hours are over.
    ['2026-11-01T05:40:00.000Z', undefined],
  ])('of an end that comes twice takes the next one, at %s: %s', (now, until) => {
    expect(quietUntil(now, { from: '22:00', to: '01:30' }, NEW_YORK)).toBe(until);
  });

  it('end with a clock that is put back to before they begin, until they begin again', () => {
    const quiet = { from: '01:01', to: '00:00' };
    const there = 'America/St_Johns';
    expect(quietUntil('2027-11-07T03:31:00.000Z', quiet, there)).toBe('2027-11-07T04:30:00.000Z');
    expect(quietUntil('2027-11-07T04:30:59.999Z', quiet, there)).toBeUndefined();
    expect(quietUntil('2027-11-07T04:31:00.000Z', quiet, there)).toBe('2027-11-08T03:30:00.000Z');
  });

  it('is there exactly while the clock shows quiet hours, and lies ahead', () => {
    const clock = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '30'))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
    const start = Date.parse('2026-01-01T00:00:00Z');
    fc.assert(
      fc.property(
        clock,
        clock,
        fc.integer({ min: 0, max: 365 * 24 * 12 }),
        fc.constantFrom(NEW_YORK, 'Australia/Lord_Howe', 'Asia/Kolkata', 'Europe/London'),
        (from, to, step, timeZone) => {
          fc.pre(from !== to);
          const now = new Date(start + step * 300_000).toISOString();
          const until = quietUntil(now, { from, to }, timeZone);
          const shown = (instant: string) =>
            Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainTime().toString().slice(0, 5);
          const at = shown(now);
          const isQuiet = from < to ? at >= from && at < to : at >= from || at < to;
          expect(until !== undefined).toBe(isQuiet);
          if (until === undefined) return;
          expect(until > now).toBe(true);
          expect(Date.parse(until) - Date.parse(now)).toBeLessThanOrEqual(25 * 3_600_000);
        },
      ),
      { numRuns: 300, seed: 11 },
    );
  });
});
