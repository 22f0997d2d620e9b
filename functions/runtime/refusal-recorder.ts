import type { Exchange } from '#functions/http/exchange.ts';
import type { ProblemMapperDeps } from '#functions/http/problem-mapper.ts';
import { PROBLEMS } from '#shared/errors/problem-error.ts';
import type { AuditLog, KeyedHashes, RandomSource, RefusalCounter } from '#shared/operations/ports.ts';
import { recordRefusal } from '#shared/operations/record-refusal.ts';
import { refusalTally } from './refusal-tally.ts';

export interface RefusalRecorderDeps {
  readonly audit: AuditLog;
  readonly counter: RefusalCounter;
  readonly random: RandomSource;
  /** Absent on functions that know no caller: nobody is to be named in their entries. */
  readonly refs?: () => Promise<KeyedHashes>;
}

/**
 * Leaves the evidence of refusals, and counts them. Those of unknown callers are gathered per minute and reason, and an environment that
 * has written a minute's entry does not ask the database again: a flood costs one write.
 */
export function refusalRecorder(deps: RefusalRecorderDeps): ProblemMapperDeps['recordRefusal'] {
  const tally = refusalTally(deps.counter);
  const leaveEvidence = evidenceOf(deps);
  return async (problem, exchange) => {
    const { receivedAt: at, step = 'none' } = exchange;
    // Neither is left out because the other could not be written.
    const ends = await Promise.allSettled([
      leaveEvidence(problem, exchange),
      tally({ at, step, code: problem.code }),
    ]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
}

function evidenceOf(deps: RefusalRecorderDeps): ProblemMapperDeps['recordRefusal'] {
  const gathered = new Set<string>();
  return async (problem, exchange) => {
    const { caller, userId, jobId, correlationId, receivedAt, route, step = 'none', reason } = exchange;
    const refusal = { correlationId, receivedAt, route, step, code: problem.code };
    const status = PROBLEMS[problem.code].status;
    const { audit, random } = deps;
    if (caller && deps.refs) {
      const about = {
        ...(userId !== undefined && { userId }),
        ...(jobId !== undefined && { jobId }),
        ...(reason !== undefined && { reason }),
      };
      await recordRefusal(
        { audit, random, refs: await deps.refs() },
        { ...refusal, caller, ...about, status },
      );
      return;
    }
    const key = gatheredKey(exchange, problem.code);
    if (gathered.has(key)) return;
    await recordRefusal({ audit, random }, { ...refusal, status });
    if (gathered.size >= MOST_REASONS) gathered.clear();
    gathered.add(key);
  };
}

/** Far more than a minute has reasons; older minutes' keys are of no use. */
const MOST_REASONS = 200;

const gatheredKey = ({ receivedAt, route, step }: Exchange, code: string): string =>
  `${receivedAt.slice(0, 16)} ${route} ${step} ${code}`;
