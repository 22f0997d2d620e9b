import type { Role } from '../lifecycle/role.ts';
import type { PurposeOfUse } from './purpose-of-use.ts';

/** Who calls, as a verified token says, and what the request says of its use. */
export interface Caller {
  /** The token's `sub`: for a patient the own `user_id`. */
  readonly subject: string;
  readonly roles: readonly Role[];
  /** `user_id`s the caller cares for, by the claim `care_for`. */
  readonly careFor: readonly string[];
  readonly tokenId?: string;
  readonly clientId?: string;
  /** What the request says its purpose is. */
  readonly purpose?: PurposeOfUse;
  /** The person for whom a service says that it acts. */
  readonly onBehalfOf?: string;
  /** Id of the grant of emergency access under which the request is let in. */
  readonly breakGlass?: string;
}
