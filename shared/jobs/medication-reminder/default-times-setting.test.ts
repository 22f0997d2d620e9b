import { describe, expect, it } from 'vitest';
import { readDefaultTimesSetting } from './default-times-setting.ts';

describe('the deployer’s default times', () => {
  it('are none unless given, and checked when they are', () => {
    expect(readDefaultTimesSetting('')).toBeUndefined();
    expect(readDefaultTimesSetting('{"BID":["09:00","21:00"]}')).toEqual({ BID: ['09:00', '21:00'] });
  });

  it.each([
    ['09:00', 'not a JSON object'],
    ['["09:00"]', 'not a JSON object'],
    ['{"BID":"09:00"}', '"BID" has no list of clock times'],
    ['{"BID":[9,21]}', '"BID" has no list of clock times'],
    ['{"BID":["09:00"]}', '"BID" needs 2 times'],
    ['{"OFTEN":["09:00"]}', '"OFTEN" is no canonical code'],
  ])('%s is refused by name', (text, message) => {
    expect(() => readDefaultTimesSetting(text)).toThrow(message);
  });
});
