import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CHAIN_START, chainedEntry } from './audit-chain.ts';
import { type FixedFacts, type JobRowFacts, rowDiffers, rowHash, rowSaltOf } from './job-row-facts.ts';

const AT = '2031-05-06T07:08:09.123Z';
const FIXED: FixedFacts = {
  jobId: 'job-1',
  kind: 'refill-check',
  priority: 'MEDIUM',
  createdAt: AT,
  dueAt: AT,
  attemptLimit: 4,
  userRef: 'patient',
  actorRef: 'actor',
  actorRole: 'service',
  correlationId: 'c-1',
};
const SALT = rowSaltOf('of the payload');

describe('the hash of a row', () => {
  it('is made so that it can be made again: salt, then canonical JSON of the fixed members', () => {
    const text =
      '{"actorRef":"actor","actorRole":"service","attemptLimit":4,"correlationId":"c-1","createdAt":"2031-05-06T07:08:09.123Z",' +
      '"dueAt":"2031-05-06T07:08:09.123Z","jobId":"job-1","kind":"refill-check","priority":"MEDIUM","userRef":"patient"}';
    expect(rowHash(FIXED, SALT)).toBe(createHash('sha256').update(SALT).update(text).digest('hex'));
    // What moves with the job's life is not in it.
    const moved = { ...FIXED, status: 'running', attempt: 3, counted: true };
    expect(rowHash(moved, SALT)).toBe(rowHash(FIXED, SALT));
  });

  it('tells nothing of whose it is without the salt, which is none that the payload’s holder gives away', () => {
    expect(rowHash(FIXED, rowSaltOf('of another payload'))).not.toBe(rowHash(FIXED, SALT));
    expect(SALT).not.toBe(createHash('sha256').update('of the payload').digest('hex'));
  });
});

describe('a row from before rows were bound', () => {
  const entry = (subjectRef?: string) =>
    chainedEntry(
      {
        at: AT,
        action: 'job.accepted',
        outcome: 'success',
        actor: { ref: 'actor', role: 'service' },
        ...(subjectRef !== undefined && { subjectRef }),
        jobId: 'job-1',
        correlationId: 'c-1',
        details: { kind: 'refill-check', priority: 'MEDIUM' },
      },
      'entry-1',
      CHAIN_START,
    );
  const { entry: accepted, head } = entry('2031-pseudonym');
  const row: JobRowFacts = { ...FIXED, ...head, status: 'queued' };

  it.each<[string, object, boolean]>([
    ['as it was accepted', {}, false],
    ['accepted as a part of something older', { createdAt: '2031-05-06T07:00:00.000Z' }, false],
    ['later than its acceptance', { createdAt: '2031-05-06T07:08:09.124Z' }, true],
    ['about nobody', { userRef: undefined }, true],
    ['of another kind', { kind: 'backup' }, true],
    ['of another priority', { priority: 'LOW' }, true],
  ])('is held against what the entry tells by itself: %s', (_, change, differs) => {
    expect(rowDiffers([accepted], Object.assign({ ...row }, change))).toBe(differs);
  });
});
