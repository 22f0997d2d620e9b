import type { Ruling } from '../define-job-kind.ts';
import type { InteractionCheckPayload } from './schema.ts';

/** Every list that passes the schema is checked: names that are not known are part of the answer, not a refusal. */
export const rules = (payload: InteractionCheckPayload): Ruling<InteractionCheckPayload> => ({
  ok: true,
  payload,
});
