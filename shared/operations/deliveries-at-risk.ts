import type { Engine } from './engine.ts';
import type { OpenCount } from './pause-ports.ts';

/** Counted no further: beyond it the answer is "many". */
const MOST_DELIVERIES = 10_000;

/** The deliveries of doses that are ordered and not told yet: each has a window, so each may expire. */
export const deliveriesAtRisk = (deps: Pick<Engine, 'openJobs'>): Promise<OpenCount> =>
  deps.openJobs.count(
    { priority: 'CRITICAL', watches: ['open', 'scheduled'], kind: 'reminder-delivery' },
    MOST_DELIVERIES,
  );
