import type { Role } from '../lifecycle/role.ts';

/** Who calls, as a verified token says. */
export interface Caller {
  /** The token's `sub`: for a patient the own `user_id`. */
  readonly subject: string;
  readonly roles: readonly Role[];
  /** `user_id`s the caller cares for, by the claim `care_for`. */
  readonly careFor: readonly string[];
  readonly tokenId?: string;
  readonly clientId?: string;
}
