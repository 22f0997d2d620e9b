import { ProblemError } from '../errors/problem-error.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Actor } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { Priority } from '../lifecycle/priority.ts';
import {
  decided,
  PAUSE_DECISIONS,
  type PauseDecision,
  type PauseState,
} from '../lifecycle/priority-pause.ts';
import { aboutNobody } from './about-nobody.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';

export type ChangePauseDeps = Pick<Engine, 'pauses' | 'intake' | 'refs' | 'random' | 'log'>;

const TRIES = 3;

/** @throws ProblemError `forbidden` */
export function demandOperator(
  deps: Pick<Engine, 'refs'>,
  route: 'pausePriority' | 'resumePriority',
  caller: Caller,
  request: RequestContext,
): Actor {
  const refusal = 'None of your roles may pause or resume a priority.';
  return actorOf(deps, caller, aboutNobody(route, caller, request, refusal));
}

export interface PauseRequest extends RequestContext {
  readonly actor: Actor;
  readonly details?: Readonly<Record<string, number | boolean>>;
}

/**
 * Writes the decision down, with its audit entry, then has the workers follow it. What is decided already is not written
 * again, but the workers are told again: so a repetition completes what was left half done.
 * @returns the priority, and as `workers_told` whether its workers were reached; if not, the reconciler does it
 * @throws ProblemError `state_conflict` when others keep deciding at the same moment
 */
export async function changePause(
  deps: ChangePauseDeps,
  decision: PauseDecision,
  priority: Priority,
  request: PauseRequest,
): Promise<JsonObject> {
  const state = await decide(deps, decision, priority, request);
  // A priority that runs needs nobody to be told, and costs no call.
  const told = state.phase === 'running' || (await tellWorkers(deps, priority, state));
  return { ...pauseView(priority, state), workers_told: told };
}

/** What is told of one priority. */
export const pauseView = (priority: Priority, state: PauseState): JsonObject => ({
  priority,
  status: state.phase,
  ...(state.changedAt !== undefined && { since: state.changedAt }),
  ...(state.actorRef !== undefined && { by: state.actorRef }),
});

async function decide(
  deps: ChangePauseDeps,
  decision: PauseDecision,
  priority: Priority,
  request: PauseRequest,
): Promise<PauseState> {
  const { actor, receivedAt: at } = request;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = (await deps.pauses.read())[priority];
    const after = decided(before, decision, { at, actorRef: actor.ref });
    if (!after) return before;
    const { audit } = PAUSE_DECISIONS[decision];
    const entry = standaloneEntry(
      {
        at,
        action: audit,
        outcome: 'success',
        actor,
        correlationId: request.correlationId,
        details: { priority, from: before.phase, to: after.phase, ...request.details },
      },
      deps.random.ulid(at),
    );
    if (!(await deps.pauses.change(priority, before, after, entry))) continue;
    deps.log.warn(audit, { priority, role: actor.role });
    return after;
  }
  throw new ProblemError(
    'state_conflict',
    'Others decide about this priority right now; look at it and try again.',
  );
}

/** The decision stands whatever happens here. */
async function tellWorkers(
  deps: Pick<Engine, 'intake' | 'log'>,
  priority: Priority,
  { phase }: PauseState,
): Promise<boolean> {
  let reason = 'changing';
  try {
    if (await deps.intake.turn(priority, phase === 'paused' ? 'closed' : 'open')) return true;
  } catch (error) {
    reason = error instanceof Error ? error.name : 'unknown';
  }
  deps.log.warn('priority.intake_not_turned', { priority, status: phase, reason });
  return false;
}
