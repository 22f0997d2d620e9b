import { describe, expect, it } from 'vitest';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { AttemptRecord } from '#shared/lifecycle/job-row.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { isTerminal, STATUSES } from '#shared/lifecycle/transitions.ts';
import { NOW, sampleJob } from '#test/contracts/sample-jobs.ts';
import { stillActs } from './still-acts.ts';

const timing = TIMING_PROFILES.standard;

describe('whether a job still acts', () => {
  it.each(STATUSES)('%s', (status) => {
    const { row } = sampleJob({ status, priority: 'LOW' });
    expect(stillActs(row, NOW, timing)).toBe(!isTerminal(status));
  });

  it('one that is no more does not', () => {
    expect(stillActs(undefined, NOW, timing)).toBe(false);
  });

  it('one that was cancelled while it ran does, until its attempt cannot run any more', () => {
    const attempt = {
      generation: 1,
      attempt: 1,
      startedAt: NOW,
      endedAt: NOW,
      outcome: 'cancelled',
    } as const;
    const { row } = sampleJob({ status: 'cancelled', priority: 'LOW', attempts: [attempt] });
    expect(stillActs(row, addSeconds(NOW, 300), timing)).toBe(true);
    expect(stillActs(row, addSeconds(NOW, 305), timing)).toBe(false);
  });

  it('one that was cancelled between two attempts does not', () => {
    const attempt: AttemptRecord = { generation: 1, attempt: 1, startedAt: NOW, outcome: 'retry' };
    const { row } = sampleJob({ status: 'cancelled', priority: 'LOW', attempts: [attempt] });
    expect(stillActs(row, NOW, timing)).toBe(false);
  });
});
