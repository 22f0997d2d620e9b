import { expect, it } from 'vitest';
import { PermanentError } from '../../errors/attempt-error.ts';
import { readTally, tallyOf, tallyText } from './import-tally.ts';

it('a summary tells people and is read again', () => {
  const tally = { accepted: 20, rejected: 4, superseded: 1 };
  expect(tallyText(tally)).toBe('20 accepted, 4 rejected, 1 superseded');
  expect(readTally(tallyText(tally))).toEqual(tally);
  expect(readTally('3 users, 2 monitors, 1 pages')).toBeUndefined();
});

it('chunks are added up; one that did not succeed leaves a hole', () => {
  const child = (status: string) => ({
    jobId: 'j',
    key: 'k',
    status,
    result: { accepted: 2, rejected: 1, superseded: 0, lines: [] },
  });
  expect(tallyOf([child('succeeded'), child('succeeded')])).toEqual({
    accepted: 4,
    rejected: 2,
    superseded: 0,
  });
  expect(() => tallyOf([child('succeeded'), child('cancelled')])).toThrow(PermanentError);
});
