import { describe, expect, it } from 'vitest';
import { checkAtQueued, checkAtRetrying, checkAtRunning, checkAtWaiting, nextCheckAt } from './check-at.ts';
import { addSeconds, secondsBetween } from './instant.ts';
import { TIMING_PROFILES } from './priority.ts';

const NOW = '2026-11-23T20:55:41.000Z';

describe('when a job is looked at', () => {
  it('queued: two minutes after it was due', () => {
    expect(checkAtQueued(NOW)).toBe('2026-11-23T20:57:41.000Z');
  });

  it('retrying: a minute after its next attempt', () => {
    expect(checkAtRetrying(NOW)).toBe('2026-11-23T20:56:41.000Z');
  });

  it('running: one retry delay after its lease, when the message would have come back by itself', () => {
    expect(checkAtRunning(NOW, TIMING_PROFILES.standard.LOW)).toBe(addSeconds(NOW, 1800));
  });

  it('waiting: every hour', () => {
    expect(checkAtWaiting(NOW)).toBe(addSeconds(NOW, 3600));
  });

  it('again: after twice the time, at most an hour', () => {
    const intervals = [0, 1, 2, 3, 4, 5, 6, 60].map((checks) =>
      secondsBetween(NOW, nextCheckAt(NOW, checks)),
    );
    expect(intervals).toEqual([120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });
});
