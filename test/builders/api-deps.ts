import type { ApiDeps } from '#functions/http/api-handler.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import type { ProblemError } from '#shared/errors/problem-error.ts';
import { createRecordingLog, createRecordingMetrics } from '#test/fakes/quiet.ts';
import { heldAgainstDocument } from './documented-statuses.ts';

export const NOW = '2027-03-01T08:00:00.000Z';

/**
 * Everything that the chain around an HTTP handler needs, recording what it is told. What it answers has to be documented.
 * @param isReal whether the handler is the one of its route; of another one the document says nothing
 */
export function recordingApiDeps(kind?: string, isReal = true) {
  const log = isReal ? heldAgainstDocument(createRecordingLog()) : createRecordingLog();
  const metrics = createRecordingMetrics();
  const refusals: { code: string; exchange: Exchange }[] = [];
  let flushes = 0;
  const deps = {
    log,
    metrics,
    clock: () => NOW,
    flush: () => {
      flushes += 1;
    },
    awsCalls: () => 0,
    recordRefusal: async ({ code }: ProblemError, exchange: Exchange) => {
      refusals.push({ code, exchange });
    },
    ...(kind !== undefined && { kind }),
  } satisfies ApiDeps;
  return { deps, log, metrics, refusals, flushes: () => flushes };
}
