import { describe, expect, it } from 'vitest';
import { INSTANT_FORM, INSTANT_MAX_LENGTH, INSTANT_PATTERN, readInstant } from './read-instant.ts';

const pattern = new RegExp(INSTANT_PATTERN);

describe('a point in time from outside', () => {
  it.each([
    ['2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T00:00Z', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T01:30+01:00', '2026-03-01T00:30:00.000Z'],
    ['2026-03-01T01:30:15.25-05:30', '2026-03-01T07:00:15.250Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
    ['2000-02-29T00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0000-01-01T00:00Z', '0000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    // Rounded up to the millisecond, also into the next day.
    ['2026-03-01T00:00:00.000000001Z', '2026-03-01T00:00:00.001Z'],
    ['2026-03-01T23:59:59.999999999Z', '2026-03-02T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(readInstant(text)).toEqual({ ok: true, instant });
    expect(pattern.test(text)).toBe(true);
    expect(text.length).toBeLessThanOrEqual(INSTANT_MAX_LENGTH);
  });

  it.each([
    '',
    'tomorrow',
    '2026-03-01',
    '2026-03-01T00:00:00',
    '2026-03-01 00:00:00Z',
    '2026-03-01t00:00:00z',
    '2026-03-01T00Z',
    '2026-03-01T00:00:00.Z',
    '2026-03-01T00:00:00.0123456789Z',
    '2026-03-01T00:00:00+0100',
    '2026-03-01T00:00:00+01',
    '+002026-03-01T00:00:00Z',
    '20260301T000000Z',
    '2026-W09-7T00:00:00Z',
    ' 2026-03-01T00:00:00Z',
    '2026-03-01T00:00:00Z\n',
    '٢٠٢٦-03-01T00:00:00Z',
  ])('%j has another form', (text) => {
    expect(readInstant(text)).toEqual({ ok: false, code: 'wrong_format', detail: INSTANT_FORM });
    expect(pattern.test(text)).toBe(false);
  });

  it.each([
    ['2026-02-30T00:00:00Z', 'calendar'],
    ['2026-02-29T00:00:00Z', 'calendar'],
    ['1900-02-29T00:00:00Z', 'calendar'],
    ['2026-04-31T00:00:00Z', 'calendar'],
    ['2026-00-01T00:00:00Z', 'calendar'],
    ['2026-13-01T00:00:00Z', 'calendar'],
    ['2026-01-00T00:00:00Z', 'calendar'],
    ['2026-01-32T00:00:00Z', 'calendar'],
    ['2026-03-01T24:00:00Z', 'clock'],
    ['2026-03-01T23:60:00Z', 'clock'],
    ['2026-03-01T23:59:61Z', 'clock'],
    ['2016-12-31T23:59:60Z', 'Leap second'],
    ['2026-03-01T00:00:00+24:00', 'offset'],
    ['2026-03-01T00:00:00-01:60', 'offset'],
    ['0000-01-01T00:00:00+00:01', 'years'],
    ['9999-12-31T23:59:59-00:01', 'years'],
    ['9999-12-31T23:59:59.9999999Z', 'years'],
  ])('%s does not exist, and the answer says why: %s', (text, word) => {
    expect(readInstant(text)).toMatchObject({
      ok: false,
      code: 'invalid_instant',
      detail: expect.stringContaining(word),
    });
  });
});
