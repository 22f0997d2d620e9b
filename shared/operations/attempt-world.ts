import { FenceLostError, RetryableError } from '../errors/attempt-error.ts';
import type { World } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Engine } from './engine.ts';

export type WorldDeps = Pick<
  Engine,
  'store' | 'refs' | 'records' | 'outcomes' | 'archive' | 'publisher' | 'settings' | 'clock'
>;

/** The world as one attempt may use it: reads, messages, and intents under the attempt's own fence. */
export function attemptWorld(deps: WorldDeps, row: JobRow): World {
  const recordIntentWhile: World['recordIntentWhile'] = async (writes, unchanged) => {
    const answer = await deps.store.recordIntent(row, writes, unchanged);
    if (answer === 'lost') throw new FenceLostError('Another attempt holds this job.');
    if (answer === 'conflict')
      throw new RetryableError('conflict', 'A record moved while the intent was written.');
  };
  return {
    now: deps.clock,
    refs: deps.refs,
    records: deps.records,
    outcomes: deps.outcomes,
    archive: deps.archive,
    publisher: deps.publisher,
    settings: deps.settings,
    recordIntent: (writes) => recordIntentWhile(writes, []),
    recordIntentWhile,
  };
}
