import { hourOf, type RefusalCount } from '#shared/jobs/ports.ts';
import { type Instant, secondsBetween } from '#shared/lifecycle/instant.ts';
import type { RefusalCounter } from '#shared/operations/ports.ts';

/** So often one environment writes at most. */
const PAUSE_SECONDS = 1;

/**
 * Adds up the refusals of one environment. The first is written at once, what follows within a second with the first after
 * it, so a flood costs one write a second for each step and code. What the last second of a flood holds waits for the
 * next refusal; an environment that ends before has counted that much too few.
 * @throws when the counter cannot be written; what was not written is tried again with the next refusal
 */
export function refusalTally(
  counter: RefusalCounter,
): (refusal: { readonly at: Instant; readonly step: string; readonly code: string }) => Promise<void> {
  const held = new Map<string, RefusalCount>();
  const hold = (refusals: RefusalCount): void => {
    const key = `${refusals.hour} ${refusals.step} ${refusals.code}`;
    held.set(key, { ...refusals, count: refusals.count + (held.get(key)?.count ?? 0) });
  };
  let writtenAt: Instant | undefined;

  return async ({ at, step, code }) => {
    hold({ hour: hourOf(at), step, code, count: 1 });
    if (writtenAt !== undefined && secondsBetween(writtenAt, at) < PAUSE_SECONDS) return;
    writtenAt = at;
    const writes = [...held.values()].map((refusals) => ({ refusals, done: counter.add(refusals) }));
    held.clear();
    const ends = await Promise.allSettled(writes.map(({ done }) => done));
    const lost = writes.filter((_, index) => ends[index]?.status === 'rejected');
    for (const { refusals } of lost) hold(refusals);
    // Rejected already, so this throws what the counter threw.
    await lost[0]?.done;
  };
}
