import { authorize, ROUTE_ACCESS } from '../evidence/access.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';

/** One part of the stack and how to find out whether it answers. */
export interface HealthProbe {
  readonly part: string;
  readonly answers: () => Promise<boolean>;
}

export interface HealthVerdict {
  readonly at: Instant;
  readonly parts: Readonly<Record<string, 'up' | 'down'>>;
}

/** A verdict stands for 30 s, so that nobody can load the stack by asking. */
const VERDICT_SECONDS = 30;

/** Remembers the last verdict of one environment. */
export function createHealthCheck(probes: readonly HealthProbe[]): (now: Instant) => Promise<HealthVerdict> {
  let last: { readonly at: Instant; readonly verdict: Promise<HealthVerdict> } | undefined;
  return (now) => {
    // Kept before it is there, so that requests at the same time share one.
    if (!last || now < last.at || now >= addSeconds(last.at, VERDICT_SECONDS))
      last = { at: now, verdict: verdictAt(probes, now) };
    return last.verdict;
  };
}

/** Never rejects: a part that cannot answer is down. */
async function verdictAt(probes: readonly HealthProbe[], now: Instant): Promise<HealthVerdict> {
  const states = await Promise.all(
    probes.map(async ({ part, answers }) => {
      const up = await Promise.resolve()
        .then(answers)
        .catch(() => false);
      return [part, up ? ('up' as const) : ('down' as const)] as const;
    }),
  );
  return { at: now, parts: Object.fromEntries(states) };
}

/** Up or not for everybody; version and parts for those whom the role table names. */
export function healthView(verdict: HealthVerdict, version: string, caller?: Caller): JsonObject {
  const up = Object.values(verdict.parts).every((state) => state === 'up');
  const detailed = caller !== undefined && authorize(ROUTE_ACCESS.health, caller).granted;
  return {
    status: up ? 'up' : 'down',
    ...(detailed && { version, checked_at: verdict.at, parts: verdict.parts }),
  };
}
