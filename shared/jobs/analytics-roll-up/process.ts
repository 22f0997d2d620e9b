import { isDeepStrictEqual } from 'node:util';
import { PermanentError } from '../../errors/attempt-error.ts';
import {
  type Done,
  type JobView,
  type JsonObject,
  type RecordWriteOf,
  type StoredRecord,
  SYSTEM_OWNER,
  type World,
} from '../ports.ts';
import { EXACT_BELOW_MS, RELATIVE_ERROR_ABOVE } from './duration-histogram.ts';
import { measuresOf } from './metrics-types.ts';
import { readOutcomes } from './read-outcomes.ts';
import type { AnalyticsRollUpPayload } from './schema.ts';
import { isoOf, openWindow, rollUpId } from './time-window.ts';

/**
 * Computes the window's numbers from its outcome rows alone. The stored roll-up holds all of them, whatever this
 * caller asked for, and is replaced under the next revision only when a number has changed: a second run changes
 * nothing, late outcomes make a numbered correction.
 */
export async function process(job: JobView<AnalyticsRollUpPayload>, world: World): Promise<Done> {
  const opened = openWindow(job.payload.time_range);
  if (!opened.ok) throw new PermanentError('invalid_window', 'The time range is not a window.');
  const { window } = opened;
  const id = rollUpId(window);
  const time_range = { start: isoOf(window.startMs), end: isoOf(window.endMs) };
  const { rollUp, counted, duplicates } = await readOutcomes(world.outcomes, window);
  const [standing] = await world.records.readMany([{ type: 'rollup', owner: SYSTEM_OWNER, id }]);
  const write = revise(id, standing, { time_range }, rollUp.numbers());
  return {
    end: 'succeeded',
    result: {
      time_range,
      metrics_types: job.payload.metrics_types,
      metrics: { jobs: rollUp.numbers(measuresOf(job.payload.metrics_types)) },
      // Jobs can still end inside a window that is not over.
      complete: time_range.end <= world.now(),
      coverage: { outcomes: counted, duplicates },
      roll_up: { id, revision: write?.state.revision ?? standing?.state.revision ?? 1 },
      percentiles: {
        method: 'nearest_rank',
        exact_below_ms: EXACT_BELOW_MS,
        relative_error_above: RELATIVE_ERROR_ABOVE,
      },
    },
    summary: `${counted} ended jobs, revision ${write?.state.revision ?? standing?.state.revision ?? 1}`,
    ...(write && { writes: [write] }),
  };
}

/** The write that makes the stored roll-up true; `undefined` when it is. Other families of metrics stay as they are. */
function revise(
  id: string,
  standing: StoredRecord<'rollup'> | undefined,
  window: JsonObject,
  jobs: JsonObject,
): RecordWriteOf<'rollup'> | undefined {
  const before = membersOf(standing?.body['metrics']);
  if (isDeepStrictEqual(before['jobs'], jobs)) return undefined;
  return {
    type: 'rollup',
    owner: SYSTEM_OWNER,
    id,
    expect: standing?.version ?? 'absent',
    state: { revision: (standing?.state.revision ?? 0) + 1 },
    body: { v: 1, ...window, metrics: { ...before, jobs } },
  };
}

const membersOf = (json: unknown): JsonObject =>
  typeof json === 'object' && json !== null ? { ...json } : {};
