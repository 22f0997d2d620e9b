import { authorize, ROUTE_ACCESS } from '../evidence/access.ts';
import type { Caller } from '../evidence/caller.ts';
import { type Members, membersFor, PUBLIC_HEALTH } from '../evidence/response-members.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import { PRIORITY_NAMES, type Priority } from '../lifecycle/priority.ts';
import type { PriorityPauses } from './pause-ports.ts';

/** One part of the stack and how to find out whether it answers. */
export interface HealthProbe {
  readonly part: string;
  readonly answers: () => Promise<boolean>;
  /** Without it requests are served, and something that they promise is not kept. */
  readonly degrades?: boolean;
}

export type PartState = 'up' | 'degraded' | 'down';

export interface HealthVerdict {
  readonly at: Instant;
  readonly parts: Readonly<Record<string, PartState>>;
  /** Absent when it could not be found out. A pause is meant, so it makes nothing down. */
  readonly pausedPriorities?: readonly Priority[];
}

/** A verdict stands for 30 s, so that nobody can load the stack by asking. */
const VERDICT_SECONDS = 30;

/** Remembers the last verdict of one environment. */
export function createHealthCheck(
  probes: readonly HealthProbe[],
  pauses: Pick<PriorityPauses, 'read'>,
): (now: Instant) => Promise<HealthVerdict> {
  let last: { readonly at: Instant; readonly verdict: Promise<HealthVerdict> } | undefined;
  return (now) => {
    // Kept before it is there, so that requests at the same time share one.
    if (!last || now < last.at || now >= addSeconds(last.at, VERDICT_SECONDS))
      last = { at: now, verdict: verdictAt(probes, pauses, now) };
    return last.verdict;
  };
}

/** Never rejects: a part that cannot answer is down, or degraded. */
async function verdictAt(
  probes: readonly HealthProbe[],
  pauses: Pick<PriorityPauses, 'read'>,
  now: Instant,
): Promise<HealthVerdict> {
  const paused = pausedNow(pauses);
  const states = await Promise.all(
    probes.map(async ({ part, answers, degrades }): Promise<[string, PartState]> => {
      const up = await Promise.resolve()
        .then(answers)
        .catch(() => false);
      return [part, up ? 'up' : degrades ? 'degraded' : 'down'];
    }),
  );
  const pausedPriorities = await paused;
  return { at: now, parts: Object.fromEntries(states), ...(pausedPriorities && { pausedPriorities }) };
}

async function pausedNow(pauses: Pick<PriorityPauses, 'read'>): Promise<readonly Priority[] | undefined> {
  try {
    const states = await pauses.read();
    return PRIORITY_NAMES.filter((priority) => states[priority].phase === 'paused');
  } catch {
    // The probe of the database says what is the matter.
    return undefined;
  }
}

/** Up, degraded or down, and why. */
export function healthView(verdict: HealthVerdict, version: string): JsonObject {
  const states = Object.values(verdict.parts);
  const worst = (['down', 'degraded'] as const).find((state) => states.includes(state)) ?? 'up';
  return {
    status: worst,
    version,
    checked_at: verdict.at,
    parts: verdict.parts,
    ...(verdict.pausedPriorities && { paused_priorities: verdict.pausedPriorities }),
  };
}

/** What of it the caller is shown: everybody how it is, those whom the access table names all of it. */
export function healthMembers(caller: Caller | undefined): Members {
  const verdict = caller && authorize(ROUTE_ACCESS.health, caller);
  return verdict?.granted ? membersFor('health', verdict.role) : PUBLIC_HEALTH;
}
