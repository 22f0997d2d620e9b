/** Every status that a job can have. */
export const STATUSES = [
  'scheduled',
  'queued',
  'running',
  'retrying',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
  'expired',
  'superseded',
] as const;

export type Status = (typeof STATUSES)[number];

export const TERMINAL_STATUSES = ['succeeded', 'failed', 'cancelled', 'expired', 'superseded'] as const;
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

export const isTerminal = (status: Status): status is TerminalStatus =>
  TERMINAL_STATUSES.some((terminal) => terminal === status);

interface Transition {
  readonly from: readonly Status[];
  readonly to: Status;
  /** The action that the audit entry of this change carries. */
  readonly audit: string;
  readonly meaning: string;
}

/**
 * The only way in which a job's status changes. DynamoDB conditions, the in-memory store, the API's `409` answers
 * and the picture in docs/lifecycle.md are derived from this table. Acceptance, which makes the row, is not a change.
 */
export const TRANSITIONS = {
  release: {
    from: ['scheduled'],
    to: 'queued',
    audit: 'job.released',
    meaning: 'its time (run_at) has come near',
  },
  claim: {
    // `running` only when its lease is dead: the claim's own condition says so.
    from: ['queued', 'retrying', 'running'],
    to: 'running',
    audit: 'job.claimed',
    meaning: 'a worker begins an attempt',
  },
  succeed: {
    from: ['running'],
    to: 'succeeded',
    audit: 'job.succeeded',
    meaning: 'the attempt did its work',
  },
  retryLater: {
    from: ['running'],
    to: 'retrying',
    audit: 'job.retrying',
    meaning: 'the attempt failed, another one follows after the delay',
  },
  fail: {
    from: ['running'],
    to: 'failed',
    audit: 'job.failed',
    meaning: 'the last attempt failed, or no further attempt can help',
  },
  bury: {
    from: ['queued', 'retrying', 'running'],
    to: 'failed',
    audit: 'job.buried',
    meaning: 'attempts are used up and the last worker died without a word',
  },
  wait: {
    from: ['running'],
    to: 'waiting',
    audit: 'job.waiting',
    meaning: 'the work was split into child jobs',
  },
  childrenDone: {
    from: ['waiting'],
    to: 'queued',
    audit: 'job.children_done',
    meaning: 'the last child job ended',
  },
  cancel: {
    from: ['scheduled', 'queued', 'running', 'retrying', 'waiting'],
    to: 'cancelled',
    audit: 'job.cancelled',
    meaning: 'a person or service cancelled it',
  },
  expire: {
    from: ['scheduled', 'queued', 'running', 'retrying'],
    to: 'expired',
    audit: 'job.expired',
    meaning: 'its window passed before it could be done',
  },
  supersede: {
    from: ['scheduled', 'queued', 'running', 'retrying'],
    to: 'superseded',
    audit: 'job.superseded',
    meaning: 'a newer job took its place',
  },
  redrive: { from: ['failed'], to: 'queued', audit: 'job.redriven', meaning: 'a person retried it' },
} as const satisfies Record<string, Transition>;

export type TransitionEvent = keyof typeof TRANSITIONS;

/** Whether `event` may happen to a job in `status`. */
export const allows = (event: TransitionEvent, status: Status): boolean =>
  TRANSITIONS[event].from.some((from) => from === status);
