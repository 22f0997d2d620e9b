import { beforeAll, describe, expect, it } from 'vitest';
import { BODY_LIMIT_BYTES } from '#shared/contract/routes.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { NOW } from '#test/builders/api-deps.ts';
import {
  allowedCaller,
  createAllRolesIssuer,
  createSubmitBench,
  type TestCaller,
} from '#test/builders/submit-bench.ts';

let issuer: Awaited<ReturnType<typeof createAllRolesIssuer>>;
beforeAll(async () => {
  issuer = await createAllRolesIssuer();
});

function kindNamed(name: string): JobKind {
  const kind = kindsByName().get(name);
  if (!kind) throw new Error(`There is no kind ${name}.`);
  return kind;
}

const kind = kindNamed('refill-check');
const userId = String(kind.example['user_id']);
const patient: TestCaller = { role: 'patient', subject: userId };
const bench = () => createSubmitBench(kind, issuer);

describe('what is refused before anything is parsed', () => {
  const json = { 'Content-Type': 'application/json' };
  const text = { 'Content-Type': 'text/plain' };

  it.each([
    ['another content type', text, '{}', 415, 'unsupported_media_type'],
    ['a body that is too large', json, `"${'x'.repeat(BODY_LIMIT_BYTES)}"`, 413, 'body_too_large'],
    ['deep nesting', json, '['.repeat(5_000), 400, 'invalid_input'],
    ['malformed JSON', json, '{"user_id": "patient-demo"', 400, 'malformed_json'],
    ['no body', json, '', 400, 'malformed_json'],
  ])('%s', async (_name, headers, rawBody, status, code) => {
    const withToken = await bench().post(undefined, patient, { rawBody, headers });
    expect(withToken).toMatchObject({ status, body: { code, status } });
    const without = await bench().post(undefined, undefined, { rawBody, headers });
    expect(without).toMatchObject({ status, body: { code } });
    expect(without.body).not.toHaveProperty('problems');
  });
});

describe('the body', () => {
  it.each([
    ['a wrong type', { current_supply: '12' }, '/current_supply wrong_type'],
    ['a negative amount', { current_supply: -1 }, '/current_supply too_small'],
    ['an id of another shape', { medication_id: 'a b' }, '/medication_id wrong_format'],
    ['an id that is too long', { medication_id: 'a'.repeat(65) }, '/medication_id wrong_format'],
    ['an empty id', { medication_id: '' }, '/medication_id wrong_format'],
    ['a control character', { medication_id: 'a\u0007b' }, '/medication_id control_character'],
    ['null', { medication_id: null }, '/medication_id wrong_type'],
  ])('with %s is named by pointer and code, never by value', async (_name, change, expected) => {
    const { status, body } = await bench().post({ ...kind.example, ...change }, patient);
    expect(status).toBe(400);
    const seen = body.problems.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`);
    expect(seen).toContain(expected);
  });

  it('does not come back in the answer', async () => {
    const { body } = await bench().post({ user_id: 'Zocor!', medication_id: 'Warfarin?', Xanax: 1 }, patient);
    expect(JSON.stringify(body)).not.toMatch(/Zocor|Warfarin/);
  });

  it('does not come back in the log or the trail either', async () => {
    const { db, log, post } = bench();
    await post({ user_id: 'Zocor!', medication_id: 'Warfarin?', 'Xanax!': 1 }, patient);
    expect(JSON.stringify([log.all, [...db.audit.values()]])).not.toMatch(/Zocor|Warfarin|Xanax/);
    expect(log.all).toHaveLength(1);
  });
});

describe('run_at', () => {
  it('is understood with an offset and makes a scheduled job', async () => {
    const { status, body } = await bench().post(
      { ...kind.example, run_at: '2027-03-02T10:00:00+02:00' },
      patient,
    );
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'scheduled', due_at: '2027-03-02T08:00:00.000Z', created_at: NOW });
  });

  it.each(['2027-03-02T23:59:60Z', '2027-03-02', '2027-02-30T00:00:00Z', '2027-03-02T10:00:00'])(
    'refuses %s',
    async (text) => {
      const { status, body } = await bench().post({ ...kind.example, run_at: text }, patient);
      expect(status).toBe(400);
      expect(body.problems).toMatchObject([{ pointer: '/run_at', code: 'wrong_format' }]);
    },
  );
});

describe('priority', () => {
  it('CRITICAL is for clinical roles and services only', async () => {
    const body = { ...kind.example, priority: 'CRITICAL' };
    const granted: string[] = [];
    for (const role of ROLES) {
      const caller = { role, subject: role === 'patient' ? userId : 'staff-1', careFor: [userId] };
      if ((await bench().post(body, caller)).status === 202) granted.push(role);
    }
    expect(granted).toEqual(['clinician', 'pharmacist', 'service']);
  });

  it('that the kind does not allow is refused by its own code', async () => {
    const backup = kindNamed('backup');
    const { status, body } = await createSubmitBench(backup, issuer).post(
      { ...backup.example, priority: 'HIGH' },
      allowedCaller(backup),
    );
    expect(status).toBe(400);
    expect(body.code).toBe('priority_not_allowed');
  });
});

describe('Idempotency-Key', () => {
  const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } });

  it('makes one job of five identical posts at once, all with the same answer', async () => {
    const { db, post, sent } = bench();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(kind.example, patient, keyed('key-1'))),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => headers['location'])).size).toBe(1);
    expect(db.rows.size).toBe(1);
    expect(sent).toHaveLength(1);
  });

  it('used with another body is refused', async () => {
    const { db, post } = bench();
    await post(kind.example, patient, keyed('key-1'));
    const { status, body } = await post({ ...kind.example, current_supply: 13 }, patient, keyed('key-1'));
    expect(status).toBe(422);
    expect(body.code).toBe('idempotency_key_reused');
    expect(db.rows.size).toBe(1);
  });

  it('belongs to its subject', async () => {
    const { db, post } = bench();
    await post(kind.example, patient, keyed('key-1'));
    await post(kind.example, { role: 'service', subject: 'portal' }, keyed('key-1'));
    expect(db.rows.size).toBe(2);
  });

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['not ASCII', 'schlüssel'],
    ['with a control character', 'key\u00011'],
  ])('that is %s is refused', async (_name, key) => {
    const { status, body } = await bench().post(kind.example, patient, keyed(key));
    expect(status).toBe(400);
    expect(body.problems).toMatchObject([{ pointer: '', code: 'invalid_idempotency_key' }]);
  });
});

it('answers a medication that the user does not have with 404', async () => {
  const records = {
    readMany: async (keys: readonly unknown[]) => keys.map(() => undefined),
    async *list() {},
  };
  const { status, body } = await createSubmitBench(kind, issuer, { records }).post(kind.example, patient);
  expect(status).toBe(404);
  expect(body.code).toBe('medication_not_found');
});

it('gathers refusals of unknown callers in one entry per minute and reason', async () => {
  const { db, metrics, post } = bench();
  for (let count = 0; count < 10; count += 1) await post(kind.example);
  await post({ nonsense: true });
  const entries = [...db.audit.values()].map(({ details, actor }) => [actor.ref, details['code']]);
  expect(entries).toEqual([
    ['anonymous', 'unauthorized'],
    ['anonymous', 'invalid_input'],
  ]);
  expect(metrics.all.filter(({ name }) => name === 'refusals')).toHaveLength(11);
});

it('accepts although the message is not taken: the row is the promise', async () => {
  const queue = {
    send: () => Promise.reject(new Error('away')),
    sendMany: () => Promise.reject(new Error('away')),
    hasBacklog: async () => false,
  };
  const { db, log, post } = createSubmitBench(kind, issuer, { queue });
  const { status, body } = await post(kind.example, patient);
  expect(status).toBe(202);
  expect(db.rows.has(body.job_id)).toBe(true);
  expect(log.all).toContainEqual(expect.objectContaining({ event: 'job.enqueue_failed' }));
});
