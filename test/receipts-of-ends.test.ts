import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { jobsApi } from '#functions/jobs-api/handler.ts';
import { PermanentError, RetryableError } from '#shared/errors/attempt-error.ts';
import { canonicalJson } from '#shared/evidence/canonical-json.ts';
import { type Receipt, verifyReceipt } from '#shared/evidence/receipt.ts';
import type { Done } from '#shared/jobs/ports.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { messageOf } from '#shared/lifecycle/job-row.ts';
import { TERMINAL_STATUSES } from '#shared/lifecycle/transitions.ts';
import { buryDeadLetter } from '#shared/operations/bury-dead-letter.ts';
import { sealHours } from '#shared/operations/seal-hours.ts';
import { tick } from '#shared/operations/tick.ts';
import { recordingApiDeps } from './builders/api-deps.ts';
import { apiEvent, lambdaContext } from './builders/api-event.ts';
import { PROBES_HOLD } from './builders/probes.ts';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  NOW,
  rowOf,
  submitted,
  type TestEngine,
} from './builders/test-engine.ts';
import { DONE, failing, testKind } from './builders/test-kinds.ts';
import { createInMemoryTrail, createSealKey } from './fakes/in-memory-seals.ts';

// The receipt of each way in which a job ends, as its patient gets it from the API, held against what was sent, against the
// job as the API shows it, and against the seal.

const BODY = { user_id: 'user-1', mark: 'ordered' };
const PATIENT = callerAs('patient', 'user-1');

interface End {
  readonly name: string;
  readonly process?: () => Promise<Done>;
  readonly runAt?: string;
  readonly bring: (engine: TestEngine, jobId: string) => Promise<unknown>;
  readonly status: (typeof TERMINAL_STATUSES)[number];
  readonly generation?: number;
  readonly error?: string;
  /** The actions of its chain. */
  readonly chain: readonly string[];
}

const ENDS: readonly End[] = [
  {
    name: 'succeeded',
    bring: deliverAll,
    status: 'succeeded',
    chain: ['job.accepted', 'job.succeeded'],
  },
  {
    name: 'succeeded at its second attempt',
    process: failing(new RetryableError('conflict', 'once'), 1),
    bring: async (engine) => {
      await deliverAll(engine);
      engine.time.advance(600);
      await deliverAll(engine);
    },
    status: 'succeeded',
    chain: ['job.accepted', 'job.retrying', 'job.succeeded'],
  },
  {
    name: 'failed for good',
    process: failing(new PermanentError('no_way', 'no')),
    bring: deliverAll,
    status: 'failed',
    error: 'no_way',
    chain: ['job.accepted', 'job.failed'],
  },
  {
    name: 'failed, was retried and succeeded',
    process: failing(new PermanentError('no_way', 'no'), 1),
    bring: async (engine, jobId) => {
      await deliverAll(engine);
      engine.time.advance(60);
      await ask(engine, 'POST', jobId, 'retry');
      await deliverAll(engine);
    },
    status: 'succeeded',
    generation: 2,
    chain: ['job.accepted', 'job.failed', 'job.redriven', 'job.succeeded'],
  },
  {
    name: 'was buried, because its workers died',
    bring: async (engine, jobId) => {
      const row = await rowOf(engine, jobId);
      engine.db.putRow({ ...row, attempt: row.attemptLimit, resends: 99 });
      engine.time.advance(7_200);
      await buryDeadLetter(engine, messageOf(row));
    },
    status: 'failed',
    error: 'worker_died',
    chain: ['job.accepted', 'job.buried'],
  },
  {
    name: 'was cancelled by its patient',
    runAt: addSeconds(NOW, 7_200),
    bring: async (engine, jobId) => {
      engine.time.advance(5);
      await ask(engine, 'POST', jobId, 'cancel');
    },
    status: 'cancelled',
    chain: ['job.accepted', 'job.cancelled'],
  },
  {
    name: 'expired, because nobody claimed it in its window',
    runAt: addSeconds(NOW, 7_200),
    bring: async (engine) => {
      engine.time.set(addSeconds(NOW, 7_200 + 86_400));
      await tick(engine);
      await deliverAll(engine);
    },
    status: 'expired',
    error: 'window_passed',
    chain: ['job.accepted', 'job.released', 'job.expired'],
  },
  {
    name: 'expired by its own word',
    process: async () => ({ end: 'expired', reason: 'too_late' }),
    bring: deliverAll,
    status: 'expired',
    error: 'too_late',
    chain: ['job.accepted', 'job.expired'],
  },
  {
    name: 'was superseded',
    process: async () => ({ end: 'superseded', reason: 'newer' }),
    bring: deliverAll,
    status: 'superseded',
    error: 'newer',
    chain: ['job.accepted', 'job.superseded'],
  },
];

/** A request about the job by its patient; the answer's body. */
async function ask(engine: TestEngine, method: 'GET' | 'POST', jobId: string, part?: string) {
  const { deps } = recordingApiDeps();
  const serve = jobsApi({
    ...engine,
    probes: PROBES_HOLD,
    verifyToken: async () => ({ ok: true, caller: part === 'retry' ? callerAs('operator') : PATIENT }),
  });
  const event = apiEvent({
    method,
    path: `/jobs/{job_id}${part === undefined ? '' : `/${part}`}`,
    pathParameters: { job_id: jobId },
  });
  const handler = apiHandler({ ...deps, clock: engine.clock }, serve);
  const { statusCode, body } = await handler(event, lambdaContext());
  return { status: statusCode, body: JSON.parse(body) };
}

async function ended({ process = async () => DONE, runAt, bring }: End) {
  const kind = testKind({ process });
  const engine = createTestEngine([kind]);
  const key = createSealKey();
  const trail = createInMemoryTrail(() => engine.db.audit.values());
  const keyId = 'arn:aws:kms:us-east-1:000000000000:key/test';
  const seal = () => sealHours({ ...engine, trail, sign: key.sign, keyId });
  // The hour before: from here on none is left out.
  await seal();
  const { jobId } = await submitted(engine, kind, { payload: BODY, ...(runAt !== undefined && { runAt }) });
  const early = await ask(engine, 'GET', jobId, 'receipt');
  await bring(engine, jobId);
  return { engine, jobId, early, seal, key };
}

describe.each(ENDS)('the receipt of a job that $name', (end) => {
  it('has the end, the times, the hash of what was ordered and the place in the chain', async () => {
    const { engine, jobId, early } = await ended(end);
    expect(early).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    const { status, body: receipt } = await ask(engine, 'GET', jobId, 'receipt');
    const job = (await ask(engine, 'GET', jobId)).body;
    const chain = await engine.audit.chain(jobId);
    expect(chain.map(({ action }) => action)).toEqual(end.chain);
    expect(status).toBe(200);
    expect(receipt).toMatchObject({
      job_id: jobId,
      kind: job.kind,
      status: end.status,
      generation: end.generation ?? 1,
      accepted_at: NOW,
      ended_at: job.ended_at,
      chain: { sequence: end.chain.length, hash: chain.at(-1)?.hash },
      entries: [{ action: 'job.accepted' }, { action: end.chain.at(-1) }],
    });
    expect([receipt.status, receipt.error_code]).toEqual([job.status, end.error]);
    expect(receipt.error_code).toBe(job.error_code);
    const { salt, hash } = receipt.request;
    expect(createHash('sha256').update(salt).update(canonicalJson(BODY)).digest('hex')).toBe(hash);
  });

  it('is proved from the next seal on, and by no other end', async () => {
    const { engine, jobId, seal, key } = await ended(end);
    engine.time.advance(3_600);
    // One run catches up a day at most.
    await seal();
    await seal();
    const receipt: Receipt = (await ask(engine, 'GET', jobId, 'receipt')).body;
    expect(verifyReceipt(receipt, key.publicKey)).toMatchObject({
      faults: [],
      gaps: [],
      sealed: 2,
      unsealed: 0,
    });
    for (const status of TERMINAL_STATUSES.filter((one) => one !== end.status))
      expect(verifyReceipt({ ...receipt, status }, key.publicKey).faults).toContain('statement_differs');
  });
});

it('every final state has its receipt here', () => {
  expect(new Set(ENDS.map(({ status }) => status))).toEqual(new Set(TERMINAL_STATUSES));
});
