import { ProblemError } from '../errors/problem-error.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { HasRoom } from './ports.ts';

/** Seconds after which the depth of a queue has been looked at anew. */
const RETRY_AFTER_SECONDS = 30;

/** @throws ProblemError `too_many_requests` */
export async function demandRoom(hasRoom: HasRoom, priority: Priority): Promise<void> {
  if (await hasRoom(priority)) return;
  throw new ProblemError(
    'too_many_requests',
    `Too many jobs of priority ${priority} are waiting. Try again later.`,
    { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  );
}
