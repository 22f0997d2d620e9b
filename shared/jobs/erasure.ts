import type { Instant } from '../lifecycle/instant.ts';
import type { Ref } from './records.ts';

/** Why the records of a user must not be destroyed now, in a code. */
export const HOLD_REASONS = ['litigation', 'investigation', 'audit', 'other'] as const;

export interface LegalHold {
  readonly since: Instant;
  /** Keyed hash of who placed it. */
  readonly by: Ref;
  readonly reason: (typeof HOLD_REASONS)[number];
}

/** What was decided about erasing one user. The actors are keyed hashes. */
export interface ErasureState {
  /**
   * `none`: nobody wants it now. `requested`: one admin asked. `scheduled`: another one confirmed, and it can be revoked
   * until `dueAt`. `running`: it has begun, and nothing can stop it.
   */
  readonly status: 'none' | 'requested' | 'scheduled' | 'running';
  /** Of the last request; absent when only a hold was ever placed. */
  readonly erasureId?: string;
  readonly requestedAt?: Instant;
  readonly requestedBy?: Ref;
  readonly confirmedAt?: Instant;
  readonly confirmedBy?: Ref;
  readonly dueAt?: Instant;
  readonly hold?: LegalHold;
}

/** Whether somebody waits for this user to be erased: no reminder leaves from then on. */
export const isErasing = (state: ErasureState | undefined): boolean =>
  state?.status === 'scheduled' || state?.status === 'running';
