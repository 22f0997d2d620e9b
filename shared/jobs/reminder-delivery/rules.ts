import type { Ruling } from '../define-job-kind.ts';
import type { ReminderDelivery } from './schema.ts';

/** Nothing to decide before the attempt: whether the dose may still be told depends on the moment of telling. */
export const rules = (payload: ReminderDelivery): Ruling<ReminderDelivery> => ({ ok: true, payload });
