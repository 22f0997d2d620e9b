import type { Instant } from './instant.ts';
import type { Priority } from './priority.ts';

/**
 * - `running`: workers take the priority's messages.
 * - `paused`: jobs are accepted and wait; no worker takes them.
 * - `resuming`: it was resumed, and nobody has seen its workers at work yet.
 */
export type PausePhase = 'running' | 'paused' | 'resuming';

/** What was last decided about one priority. */
export interface PauseState {
  readonly phase: PausePhase;
  /** Counts the changes; 0: it was never paused. */
  readonly revision: number;
  /** When it was last paused or resumed. */
  readonly changedAt?: Instant;
  /** Keyed hash of whoever did that. */
  readonly actorRef?: string;
}

export type PauseStates = Readonly<Record<Priority, PauseState>>;

export const NEVER_PAUSED: PauseState = { phase: 'running', revision: 0 };

export const NONE_PAUSED: PauseStates = {
  CRITICAL: NEVER_PAUSED,
  HIGH: NEVER_PAUSED,
  MEDIUM: NEVER_PAUSED,
  LOW: NEVER_PAUSED,
};

/** What a person may decide, from which phase to which, and the action under which the audit trail names it. */
export const PAUSE_DECISIONS = {
  pause: { from: ['running', 'resuming'], to: 'paused', audit: 'priority.paused' },
  resume: { from: ['paused'], to: 'resuming', audit: 'priority.resumed' },
} as const satisfies Record<string, { from: readonly PausePhase[]; to: PausePhase; audit: string }>;

export type PauseDecision = keyof typeof PAUSE_DECISIONS;

/** The state after a decision; `undefined` when it is so already. */
export function decided(
  before: PauseState,
  decision: PauseDecision,
  by: { readonly at: Instant; readonly actorRef: string },
): PauseState | undefined {
  const { from, to } = PAUSE_DECISIONS[decision];
  if (!from.some((phase) => phase === before.phase)) return undefined;
  return { phase: to, revision: before.revision + 1, changedAt: by.at, actorRef: by.actorRef };
}

/** The state once the workers of a resumed priority are at work again; by whom and when stays what it was. */
export const settled = (before: PauseState): PauseState => ({
  ...before,
  phase: 'running',
  revision: before.revision + 1,
});
