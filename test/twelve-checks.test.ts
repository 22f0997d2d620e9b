import type { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, expect, it } from 'vitest';
import { acceptJob } from '#shared/adapters/accept-job.ts';
import type { FieldCipher } from '#shared/adapters/field-cipher.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import { recalledChecks, recordedChecks, verifyCompliance } from '#shared/evidence/compliance-checks.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import { callerAs } from '#test/builders/test-engine.ts';
import type { ApiEventOptions } from './builders/api-event.ts';
import { PROBES_HOLD } from './builders/probes.ts';
import { createTestIssuer } from './builders/signed-tokens.ts';
import { createAllRolesIssuer, createSubmitBench, type TestCaller } from './builders/submit-bench.ts';
import { createInMemoryStore } from './fakes/in-memory-store.ts';

// Each of the twelve checks of the HIPAA step fails once, by a request through the real handler, and then nothing is
// accepted: no job, no payload, no message, no record, nothing of an answer that could be repeated. Some are found out by an
// earlier step, which refuses with its own error; `told` is what the trail says of it.

let issuer: Awaited<ReturnType<typeof createAllRolesIssuer>>;
let forger: Awaited<ReturnType<typeof createTestIssuer>>;
beforeAll(async () => {
  issuer = await createAllRolesIssuer();
  forger = await createTestIssuer();
});

function kindNamed(name: string): JobKind {
  const kind = kindsByName().get(name);
  if (!kind) throw new Error(`There is no kind ${name}.`);
  return kind;
}

const refill = kindNamed('refill-check');
const monitor = kindNamed('supply-monitor');
const backup = kindNamed('backup');
const PATIENT = { role: 'patient', subject: String(refill.example['user_id']) } as const;
const STRANGER = { role: 'patient', subject: 'another-patient' } as const;
const OPERATOR = { role: 'operator', subject: 'operator-1' } as const;

interface Case {
  readonly check: string;
  readonly fails: string;
  readonly kind?: JobKind;
  readonly body?: object;
  /** Nobody: the request brings its own token, or the right one is forged. */
  readonly caller?: TestCaller | 'forged';
  readonly headers?: ApiEventOptions['headers'];
  /** @param written what a store of its own has put down */
  readonly replaced?: (written: unknown[]) => Parameters<typeof createSubmitBench>[2];
  readonly answer: readonly [status: number, code: string];
  /** What the one entry in the trail says; nothing: none can be written. */
  readonly told?: Readonly<Record<string, unknown>>;
}

const byStep = (step: string, reason?: string) => ({ step, ...(reason !== undefined && { reason }) });
const byCheck = (reason: string) => byStep('verifyCompliance', reason);
const FAILED = [403, 'compliance_check_failed'] as const;

const CASES: readonly Case[] = [
  {
    check: 'transport',
    fails: 'a distribution hands on what came in plain text',
    headers: { 'X-Forwarded-Proto': 'https', 'CloudFront-Forwarded-Proto': 'http' },
    answer: FAILED,
    told: byCheck('transport'),
  },
  {
    check: 'token',
    fails: 'a token that somebody else has signed',
    caller: 'forged',
    answer: [401, 'unauthorized'],
    // Of unknown callers: one entry for all of a minute.
    told: byStep('authenticate'),
  },
  {
    check: 'role',
    fails: 'a role without the right',
    caller: { role: 'analyst', subject: 'analyst-1' },
    answer: [403, 'forbidden'],
    told: byStep('authorize', 'role'),
  },
  {
    check: 'relationship',
    fails: 'a foreign patient',
    caller: STRANGER,
    answer: [403, 'forbidden'],
    told: byStep('authorize', 'relationship'),
  },
  {
    check: 'purpose',
    fails: 'a purpose that is none of the role’s',
    headers: { 'X-Purpose-Of-Use': 'HRESCH' },
    answer: [403, 'forbidden'],
    told: byStep('authenticate', 'purpose'),
  },
  {
    check: 'minimum_necessary',
    fails: 'a member that the schema does not name',
    body: { ...refill.example, ssn: '078-05-1120' },
    answer: [400, 'invalid_input'],
    told: byStep('validateInput', 'minimum_necessary'),
  },
  {
    check: 'encryption_key',
    fails: 'a key that is disabled',
    replaced: () => ({
      probes: { ...PROBES_HOLD, encryptionKeyUsable: () => Promise.reject(new Error('DisabledException')) },
    }),
    answer: FAILED,
    told: byCheck('encryption_key'),
  },
  {
    check: 'storage_target',
    fails: 'a bucket that is not the deployment’s',
    kind: backup,
    caller: OPERATOR,
    body: { ...backup.example, storage_config: { type: 's3', path: 's3://somebody-elses-bucket/daily' } },
    answer: [400, 'invalid_input'],
    told: byCheck('storage_target'),
  },
  {
    check: 'audit_durable',
    fails: 'an audit table that refuses writes',
    replaced: (written) => ({ store: overRefusingAuditTable(written) }),
    answer: [500, 'internal_error'],
  },
  {
    check: 'retention',
    fails: 'a class of retention that nobody knows',
    replaced: () => ({ retention: { jobs: 90, outcomes: 396, audit: 396 } }),
    answer: FAILED,
    told: byCheck('retention'),
  },
  {
    check: 'outbound_channel',
    fails: 'work that tells by a channel which may not carry it',
    // No kind is defined so: its type names the channels that there are.
    kind: { ...monitor, uses: [...(monitor.uses ?? []), 'fax' as never] },
    caller: { role: 'patient', subject: String(monitor.example['user_id']) },
    answer: FAILED,
    told: byCheck('outbound_channel'),
  },
  {
    check: 'redaction',
    fails: 'a log that lets an identifier through',
    replaced: () => ({ probes: { ...PROBES_HOLD, redactionHolds: async () => false } }),
    answer: FAILED,
    told: byCheck('redaction'),
  },
];

/** The store as it is deployed, over an audit table that takes no entry; `written` is what stands in the others. */
function overRefusingAuditTable(written: unknown[]): JobStore {
  const send = async ({ input }: TransactWriteItemsCommand) => {
    const { TransactItems = [] } = input;
    // A call that the rights do not cover in all of its parts does nothing.
    if (TransactItems.some(({ Put }) => Put?.TableName === 'audit'))
      throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    written.push(...TransactItems);
  };
  const options = {
    tables: { jobs: 'jobs', audit: 'audit' },
    // Nothing is read back.
    cipher: { seal: async () => new Uint8Array(1) } as unknown as FieldCipher,
    pseudonymize: async (entry: AuditEntry) => entry,
    shards: { watch: 1 },
  };
  const client = { send } as unknown as DynamoDBClient;
  return {
    ...createInMemoryStore(),
    accept: (job, claim, limit) => acceptJob(client, options, job, claim, limit),
  };
}

async function ask({ kind = refill, body, caller = PATIENT, headers = {}, replaced }: Case) {
  const written: unknown[] = [];
  const bench = createSubmitBench(kind, issuer, replaced?.(written));
  const forged = caller === 'forged' ? await forger.sign({ sub: PATIENT.subject }) : undefined;
  const sent = { ...headers, ...(forged !== undefined && { Authorization: `Bearer ${forged}` }) };
  const answer = await bench.post(body ?? kind.example, caller === 'forged' ? undefined : caller, {
    headers: { 'Idempotency-Key': 'key-1', ...sent },
  });
  return { bench, answer, written };
}

it('are twelve, and each has its case', async () => {
  const checks = await verifyCompliance(PROBES_HOLD, {
    caller: callerAs('patient'),
    userId: 'user-1',
    grant: { role: 'patient', userId: 'user-1' },
    forwardedBy: [],
    parts: [],
  });
  expect(CASES.map(({ check }) => check)).toEqual(checks.map(({ name }) => name));
  expect(new Set(CASES.map(({ check }) => check)).size).toBe(12);
  expect(recalledChecks(recordedChecks(checks).checks)).toHaveLength(12);
});

it.each(CASES)('$check: $fails', async (one) => {
  const { bench, answer, written } = await ask(one);
  expect([answer.status, answer.body.code]).toEqual(one.answer);

  const { rows, payloads, records, idempotency, open, outcomes, events, audit } = bench.db;
  expect([rows, payloads, records, idempotency, open, outcomes].map(({ size }) => size)).toEqual([
    0, 0, 0, 0, 0, 0,
  ]);
  expect([...events.accepted]).toEqual([]);
  expect([bench.sent, written]).toEqual([[], []]);

  const entries = [...audit.values()];
  expect(entries).toHaveLength(one.told ? 1 : 0);
  if (one.told) {
    const [status, code] = one.answer;
    expect(entries).toMatchObject([
      { action: 'request.refused', outcome: 'refused', details: { ...one.told, status, code } },
    ]);
  } else
    expect(bench.log.all).toMatchObject([{ event: 'request.failed', fields: { step: 'recordAcceptance' } }]);
  // The caller is not told which protection does not hold.
  if (answer.body.code === 'compliance_check_failed')
    expect(JSON.stringify(answer.body)).not.toContain(one.check);
});

it.each(CASES)('$check: the same request is accepted when it holds', async ({ kind, caller, ...one }) => {
  const genuine =
    caller === 'forged' || one.check === 'role' || one.check === 'relationship' ? PATIENT : caller;
  const sound = kind && kindNamed(kind.name);
  const { answer } = await ask({
    check: one.check,
    fails: one.fails,
    answer: one.answer,
    ...(sound && { kind: sound }),
    ...(genuine && { caller: genuine }),
  });
  expect(answer.status).toBe(202);
});
