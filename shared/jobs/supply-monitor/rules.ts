import type { Ruling } from '../define-job-kind.ts';
import type { SupplyMonitor } from './schema.ts';

/** The schema says it all: a medication that the user does not have is an outcome of the job, not a refusal. */
export const rules = (payload: SupplyMonitor): Ruling<SupplyMonitor> => ({ ok: true, payload });
