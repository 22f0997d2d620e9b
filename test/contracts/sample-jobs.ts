import { randomBytes } from 'node:crypto';
import { CHAIN_START, chainedEntry } from '#shared/evidence/audit-chain.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import { type JobRow, ROW_VERSION } from '#shared/lifecycle/job-row.ts';
import { type PriorityTiming, TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { derivedJobId } from '#shared/operations/derived-job-id.ts';
import { type ChangePlan, jobChange } from '#shared/operations/job-change.ts';
import type { JobChange, NewJob, RandomSource } from '#shared/operations/ports.ts';

/** The moment at which the samples stand, far enough ahead of today that no item's time to live is over. */
export const NOW: Instant = '2031-05-06T07:08:09.123Z';

export const TIMING: PriorityTiming = TIMING_PROFILES.standard.MEDIUM;

/** Text that no other test uses: the suites of all ports share one set of tables. */
export const unique = (name: string): string => `${name}-${randomBytes(8).toString('hex')}`;

export const sampleJobId = (at: Instant = NOW): string => derivedJobId(at, unique('job'));

export const random: RandomSource = {
  ulid: (at) => derivedJobId(at, unique('entry')),
  hex: (bytes) => randomBytes(bytes).toString('hex'),
};

const ACTOR = { ref: 'test-actor', role: 'service' };

/** A queued job that is due now, with whatever the test needs otherwise. */
export function sampleJob(over: Partial<JobRow> = {}, payload: JsonObject = { answer: 42 }): NewJob {
  const jobId = over.jobId ?? sampleJobId();
  const { entry, head } = chainedEntry(
    {
      at: over.createdAt ?? NOW,
      action: 'job.accepted',
      outcome: 'success',
      actor: ACTOR,
      jobId,
      correlationId: 'test-correlation',
      details: { kind: 'refill-check' },
    },
    random.ulid(NOW),
    CHAIN_START,
  );
  const row: JobRow = {
    rowVersion: ROW_VERSION,
    jobId,
    kind: 'refill-check',
    priority: 'MEDIUM',
    status: 'queued',
    generation: 1,
    attempt: 0,
    attemptLimit: 4,
    fence: 0,
    createdAt: NOW,
    dueAt: NOW,
    checkAt: addSeconds(NOW, 120),
    checks: 0,
    resends: 0,
    userRef: unique('user'),
    actorRef: ACTOR.ref,
    actorRole: ACTOR.role,
    correlationId: 'test-correlation',
    attempts: [],
    round: 0,
    ...head,
    ...over,
  };
  return { row, payload, audit: entry };
}

/** A change of `before` as operations make them. */
export function sampleChange(
  event: ChangePlan['event'],
  before: JobRow,
  over: Partial<JobChange> & { readonly set?: Partial<JobRow> } = {},
): JobChange {
  const { set, ...parts } = over;
  const change = jobChange(
    { event, before, now: addSeconds(NOW, 1), actor: ACTOR, ...(set && { set }) },
    random,
  );
  return { ...change, ...parts };
}

/** An entry that belongs to no chain. */
export function sampleEntry(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    v: 1,
    entryId: random.ulid(NOW),
    at: NOW,
    action: 'request.refused',
    outcome: 'refused',
    actor: ACTOR,
    correlationId: 'test-correlation',
    details: { code: 'forbidden' },
    hash: 'f'.repeat(64),
    ...over,
  };
}
