/** The four priorities with the specification's retry limits and delays: the one table that everything reads. */
export const PRIORITIES = {
  CRITICAL: { description: 'Immediate execution required', maxRetry: 5, retryDelaySeconds: 60 },
  HIGH: { description: 'Execute as soon as possible', maxRetry: 3, retryDelaySeconds: 300 },
  MEDIUM: { description: 'Standard execution', maxRetry: 3, retryDelaySeconds: 600 },
  LOW: { description: 'Background execution', maxRetry: 2, retryDelaySeconds: 1800 },
} as const satisfies Record<string, { description: string; maxRetry: number; retryDelaySeconds: number }>;

export type Priority = keyof typeof PRIORITIES;

export const PRIORITY_NAMES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const satisfies readonly Priority[];

export const isPriority = (text: string): text is Priority => Object.hasOwn(PRIORITIES, text);

/** Attempts in all: the first one and `maxRetry` more. Also the `maxReceiveCount` of the queue's redrive policy. */
export const maxAttempts = (priority: Priority): number => PRIORITIES[priority].maxRetry + 1;

/** How long things take in one deployment. The visibility timeout of a queue *is* the retry delay. */
export interface PriorityTiming {
  readonly visibilitySeconds: number;
  readonly workerTimeoutSeconds: number;
  /** Added to the worker's timeout; the lease must end before the message becomes visible again. */
  readonly leaseMarginSeconds: number;
}

const standard = (priority: Priority): PriorityTiming => ({
  visibilitySeconds: PRIORITIES[priority].retryDelaySeconds,
  // AWS asks for a visibility timeout of at least six times the function's timeout.
  workerTimeoutSeconds: PRIORITIES[priority].retryDelaySeconds / 6,
  leaseMarginSeconds: 5,
});

/** `standard` is every stage on AWS; `laptop` only lets a person watch retries without waiting for minutes. */
export const TIMING_PROFILES = {
  standard: {
    CRITICAL: standard('CRITICAL'),
    HIGH: standard('HIGH'),
    MEDIUM: standard('MEDIUM'),
    LOW: standard('LOW'),
  },
  laptop: {
    CRITICAL: { visibilitySeconds: 6, workerTimeoutSeconds: 4, leaseMarginSeconds: 1 },
    HIGH: { visibilitySeconds: 7, workerTimeoutSeconds: 5, leaseMarginSeconds: 1 },
    MEDIUM: { visibilitySeconds: 8, workerTimeoutSeconds: 6, leaseMarginSeconds: 1 },
    LOW: { visibilitySeconds: 20, workerTimeoutSeconds: 15, leaseMarginSeconds: 1 },
  },
} as const satisfies Record<string, Record<Priority, PriorityTiming>>;

export type TimingProfile = keyof typeof TIMING_PROFILES;
export type Timing = Readonly<Record<Priority, PriorityTiming>>;

/** Seconds for which a claim holds a job: always below the visibility timeout. */
export const leaseSeconds = (timing: PriorityTiming): number =>
  timing.workerTimeoutSeconds + timing.leaseMarginSeconds;
