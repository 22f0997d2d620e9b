import { beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '#functions/http/exchange.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import type { RefusalCount } from '#shared/jobs/ports.ts';
import type { AuditLog } from '#shared/operations/ports.ts';
import { createCountingRandom, createFakeHashes } from '#test/fakes/quiet.ts';
import { refusalRecorder } from './refusal-recorder.ts';

let puts: AuditEntry[];
let audit: AuditLog;
let loads: number;
let counts: RefusalCount[];
beforeEach(() => {
  puts = [];
  loads = 0;
  counts = [];
  audit = {
    put: async (entry) => {
      puts.push(entry);
    },
    putAll: async () => undefined,
    chain: async () => [],
    entry: async () => undefined,
  };
});

const recorder = () =>
  refusalRecorder({
    audit,
    counter: { add: async (refusals) => void counts.push(refusals) },
    random: createCountingRandom(),
    refs: async () => {
      loads += 1;
      return createFakeHashes();
    },
  });

const exchange = (over: Partial<Exchange> = {}): Exchange => ({
  correlationId: 'correlation-1',
  receivedAt: '2027-03-01T08:00:12.000Z',
  startedMs: 0,
  awsCallsBefore: 0,
  route: 'POST /api/v1/jobs/refill-check',
  step: 'authenticate',
  ...over,
});

const unauthorized = new ProblemError('unauthorized', 'No.');
const forbidden = new ProblemError('forbidden', 'No.');

describe('refusals of unknown callers', () => {
  it('are written once per minute and reason, without any key of ours', async () => {
    const record = recorder();
    for (let count = 0; count < 50; count += 1) await record(unauthorized, exchange());
    await record(unauthorized, exchange({ receivedAt: '2027-03-01T08:01:00.000Z' }));
    await record(new ProblemError('invalid_input', 'No.'), exchange({ step: 'validateInput' }));
    expect(puts).toHaveLength(3);
    expect(new Set(puts.map(({ entryId }) => entryId)).size).toBe(3);
    expect(loads).toBe(0);
  });

  it('are tried again when the entry could not be written', async () => {
    const record = recorder();
    const { put } = audit;
    audit.put = () => Promise.reject(new Error('away'));
    await expect(record(unauthorized, exchange())).rejects.toThrow('away');
    audit.put = put;
    await record(unauthorized, exchange());
    expect(puts).toHaveLength(1);
  });
});

describe('the counts', () => {
  it('tell of every refusal, whoever was refused', async () => {
    const record = recorder();
    const caller = { subject: 'user-1', roles: ['patient' as const], careFor: [] };
    await record(unauthorized, exchange());
    await record(forbidden, exchange({ caller, step: 'authorize', receivedAt: '2027-03-01T08:59:59.999Z' }));
    const { step: _none, ...unrouted } = exchange({ receivedAt: '2027-03-01T09:00:01.000Z' });
    await record(new ProblemError('not_found', 'No.'), unrouted);
    expect(counts).toEqual([
      { hour: '2027-03-01T08:00:00.000Z', step: 'authenticate', code: 'unauthorized', count: 1 },
      { hour: '2027-03-01T08:00:00.000Z', step: 'authorize', code: 'forbidden', count: 1 },
      { hour: '2027-03-01T09:00:00.000Z', step: 'none', code: 'not_found', count: 1 },
    ]);
  });

  it('and the evidence do not wait for each other', async () => {
    audit.put = () => Promise.reject(new Error('audit away'));
    await expect(recorder()(unauthorized, exchange())).rejects.toThrow('audit away');
    expect(counts).toHaveLength(1);
  });
});

it('refusals of known callers are each written, with actor, patient and step', async () => {
  const record = recorder();
  const caller = {
    subject: 'user-1',
    roles: ['patient' as const],
    careFor: [],
    tokenId: 'c0ffee00-0000-4000-8000-00000000a001',
  };
  const known = exchange({ caller, userId: 'user-2', step: 'authorize' });
  await record(forbidden, known);
  await record(forbidden, known);
  const hashes = createFakeHashes();
  expect(puts).toHaveLength(2);
  expect(puts[0]).toMatchObject({
    action: 'request.refused',
    actor: { ref: hashes.actor('user-1'), role: 'patient', tokenId: 'c0ffee00-0000-4000-8000-00000000a001' },
    subjectRef: hashes.user('user-2'),
    correlationId: 'correlation-1',
    details: { code: 'forbidden', status: 403, step: 'authorize' },
  });
  expect(JSON.stringify(puts)).not.toMatch(/user-[12]/);
});
