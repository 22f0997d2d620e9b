import type { AccessMessage, Refs } from '../ports.ts';
import type { BreakGlassNotice } from './schema.ts';

/** What the patient's application is told of an emergency access. */
export const accessMessage = (
  refs: Pick<Refs, 'user'>,
  { user_id, grant_id, role, granted_at, expires_at }: BreakGlassNotice,
  mayBeRepeated: boolean,
): AccessMessage => ({
  type: 'access.break_glass',
  event_id: grant_id,
  user_ref: refs.user(user_id),
  user_id,
  grant_id,
  role,
  granted_at,
  expires_at,
  possible_duplicate: mayBeRepeated,
});
