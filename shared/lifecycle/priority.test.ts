import { describe, expect, it } from 'vitest';
import {
  isPriority,
  leaseSeconds,
  maxAttempts,
  PRIORITIES,
  PRIORITY_NAMES,
  TIMING_PROFILES,
} from './priority.ts';

describe('priorities', () => {
  it('are the specification’s, word for word and number for number', () => {
    expect(PRIORITIES).toEqual({
      CRITICAL: { description: 'Immediate execution required', maxRetry: 5, retryDelaySeconds: 60 },
      HIGH: { description: 'Execute as soon as possible', maxRetry: 3, retryDelaySeconds: 300 },
      MEDIUM: { description: 'Standard execution', maxRetry: 3, retryDelaySeconds: 600 },
      LOW: { description: 'Background execution', maxRetry: 2, retryDelaySeconds: 1800 },
    });
  });

  it('are listed from the most urgent one on', () => {
    expect(PRIORITY_NAMES).toEqual(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']);
    expect(Object.keys(PRIORITIES)).toEqual([...PRIORITY_NAMES]);
  });

  it('count the first attempt beside the retries', () => {
    expect(PRIORITY_NAMES.map(maxAttempts)).toEqual([6, 4, 4, 3]);
  });

  it.each(['critical', 'URGENT', '', 'toString', '__proto__'])('do not include %j', (text) => {
    expect(isPriority(text)).toBe(false);
  });

  it('include their own names', () => {
    expect(PRIORITY_NAMES.every(isPriority)).toBe(true);
  });
});

describe('timing', () => {
  it('of every stage on AWS: visibility is the retry delay, the worker has a sixth of it', () => {
    expect(TIMING_PROFILES.standard).toEqual({
      CRITICAL: { visibilitySeconds: 60, workerTimeoutSeconds: 10, leaseMarginSeconds: 5 },
      HIGH: { visibilitySeconds: 300, workerTimeoutSeconds: 50, leaseMarginSeconds: 5 },
      MEDIUM: { visibilitySeconds: 600, workerTimeoutSeconds: 100, leaseMarginSeconds: 5 },
      LOW: { visibilitySeconds: 1800, workerTimeoutSeconds: 300, leaseMarginSeconds: 5 },
    });
  });

  it('of the laptop', () => {
    expect(TIMING_PROFILES.laptop).toEqual({
      CRITICAL: { visibilitySeconds: 6, workerTimeoutSeconds: 4, leaseMarginSeconds: 1 },
      HIGH: { visibilitySeconds: 7, workerTimeoutSeconds: 5, leaseMarginSeconds: 1 },
      MEDIUM: { visibilitySeconds: 8, workerTimeoutSeconds: 6, leaseMarginSeconds: 1 },
      LOW: { visibilitySeconds: 20, workerTimeoutSeconds: 15, leaseMarginSeconds: 1 },
    });
  });

  const everywhere = Object.entries(TIMING_PROFILES).flatMap(([profile, timing]) =>
    PRIORITY_NAMES.map((priority) => ({ profile, priority, timing: timing[priority] })),
  );

  it.each(everywhere)(
    'lets a lease outlive its worker and end before the message is back ($profile, $priority)',
    ({ timing }) => {
      expect(leaseSeconds(timing)).toBeGreaterThan(timing.workerTimeoutSeconds);
      expect(leaseSeconds(timing)).toBeLessThan(timing.visibilitySeconds);
    },
  );
});
