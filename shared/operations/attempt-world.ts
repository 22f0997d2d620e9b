import { FenceLostError, RetryableError } from '../errors/attempt-error.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { RecordEvidence, RecordVersion, RecordWrite, World } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Engine } from './engine.ts';
import { createIntake } from './intake.ts';
import { systemActor } from './job-change.ts';
import { createPastChecks } from './past-checks.ts';
import { stillActs } from './still-acts.ts';

export type WorldDeps = Pick<
  Engine,
  | 'store'
  | 'refs'
  | 'records'
  | 'recall'
  | 'outcomes'
  | 'events'
  | 'archive'
  | 'exports'
  | 'drill'
  | 'reference'
  | 'publisher'
  | 'settings'
  | 'clock'
  | 'kinds'
  | 'forms'
  | 'random'
  | 'timing'
>;

/** The world as one attempt may use it: reads, messages, and intents under the attempt's own fence. */
export function attemptWorld(deps: WorldDeps, row: JobRow): World {
  const record = async (
    writes: readonly RecordWrite[],
    unchanged: readonly RecordVersion[],
    evidence: readonly RecordEvidence[],
  ): Promise<void> => {
    const entries = evidence.map((one) => entryOf(deps, row, one));
    const answer = await deps.store.recordIntent(row, writes, unchanged, entries);
    if (answer === 'lost') throw new FenceLostError('Another attempt holds this job.');
    if (answer === 'conflict')
      throw new RetryableError('conflict', 'A record moved while the intent was written.');
  };
  return {
    now: deps.clock,
    refs: deps.refs,
    records: deps.records,
    outcomes: deps.outcomes,
    events: deps.events,
    archive: deps.archive,
    ...(deps.exports && { exports: deps.exports }),
    drill: deps.drill,
    reference: deps.reference,
    publisher: deps.publisher,
    settings: deps.settings,
    intake: createIntake(deps),
    pastChecks: createPastChecks(deps),
    recordIntent: (writes, evidence = []) => record(writes, [], evidence),
    recordIntentWhile: (writes, unchanged) => record(writes, unchanged, []),
    stillActs: async (jobId) => stillActs(await deps.store.read(jobId), deps.clock(), deps.timing),
  };
}

function entryOf(deps: WorldDeps, row: JobRow, { action, subjectRef, details }: RecordEvidence): AuditEntry {
  const at = deps.clock();
  const draft = {
    at,
    action,
    outcome: 'success' as const,
    actor: systemActor(row.kind),
    subjectRef,
    jobId: row.jobId,
    correlationId: row.correlationId,
    details,
  };
  return standaloneEntry(draft, deps.random.ulid(at));
}
