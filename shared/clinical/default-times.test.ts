import { describe, expect, it } from 'vitest';
import vocabulary from '#test/data/frequency-vocabulary.json' with { type: 'json' };
import { BUILT_IN_DEFAULT_TIMES, readDefaultTimes } from './default-times.ts';

describe('default times', () => {
  it('are those of the vocabulary', () => {
    const { note, ...times } = vocabulary.default_times_when_omitted;
    expect(note).toContain('deployer');
    expect(BUILT_IN_DEFAULT_TIMES).toEqual(times);
  });

  it('of a deployer are taken as they are when they are right', () => {
    const table = {
      ...BUILT_IN_DEFAULT_TIMES,
      '6XD': ['02:00', '06:00', '10:00', '14:00', '18:00', '22:00'],
    };
    expect(readDefaultTimes(table)).toEqual(table);
  });

  it.each([
    [{ TWICE: ['08:00'] }, '"TWICE" is no canonical code'],
    [{ BID: ['08:00'] }, '"BID" needs 2 times'],
    [{ BID: ['20:00', '08:00'] }, '"BID" has times that are not ascending'],
    [{ BID: ['08:00', '08:00'] }, '"BID" has times that are not ascending'],
    [{ QD: ['24:00'] }, '"QD" has a time that is not HH:MM'],
    [{ DAYS: [] }, '"DAYS" needs at least 1 times'],
  ])('%o is refused by name', (table, message) => {
    expect(() => readDefaultTimes(table)).toThrow(message);
  });
});
