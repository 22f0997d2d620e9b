import { beforeAll, describe, expect, it } from 'vitest';
import { BODY_LIMIT_BYTES } from '#shared/contract/routes.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { kindsByName, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { NOW } from '#test/builders/api-deps.ts';
import {
  allowedCaller,
  createAllRolesIssuer,
  createSubmitBench,
  type TestCaller,
} from '#test/builders/submit-bench.ts';
import { sampleChange } from '#test/contracts/sample-jobs.ts';
import { createInMemoryStore } from '#test/fakes/in-memory-store.ts';

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

  it.each(['__proto__', 'constructor', 'toString', 'colour'])('names the field %s once', async (name) => {
    const rawBody = `${JSON.stringify(kind.example).slice(0, -1)},${JSON.stringify(name)}:{"a":1}}`;
    const { status, body } = await bench().post(undefined, patient, {
      rawBody,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(status).toBe(400);
    expect(body.problems).toEqual([
      { pointer: `/${name}`, code: 'unknown_field', detail: 'This field is not allowed.' },
    ]);
  });

  it('says how many problems there are beyond those listed', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 73 }, (_, index) => [`field-${index}`, 1]));
    const { body } = await bench().post({ ...kind.example, ...unknown }, patient);
    expect(body.problems).toHaveLength(50);
    expect(body.problems_not_listed).toBe(23);
    expect(body.detail).toMatch(/ Not listed: 23 more\.$/);
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

  it('needs no seconds', async () => {
    const { status, body } = await bench().post({ ...kind.example, run_at: '2027-03-02T10:00Z' }, patient);
    expect(status).toBe(202);
    expect(body).toMatchObject({ due_at: '2027-03-02T10:00:00.000Z' });
  });

  it.each([
    ['2027-03-02', 'wrong_format', 'ISO 8601'],
    ['2027-03-02T10:00:00', 'wrong_format', 'offset'],
    ['2027-03-02 10:00:00Z', 'wrong_format', 'such as 2026-01-31T08:00:00Z'],
    ['2027-02-30T00:00:00Z', 'invalid_instant', 'calendar'],
    ['2027-03-02T24:00:00Z', 'invalid_instant', 'clock'],
    ['2027-06-30T23:59:60Z', 'invalid_instant', 'Leap second'],
  ])('refuses %s and says what to send', async (text, code, word) => {
    const { status, body } = await bench().post({ ...kind.example, run_at: text }, patient);
    expect(status).toBe(400);
    expect(body.problems).toEqual([{ pointer: '/run_at', code, detail: expect.stringContaining(word) }]);
  });

  it('that does not exist is told together with what else is wrong', async () => {
    const wrong = { ...kind.example, current_supply: -1, run_at: '2027-02-30T00:00:00Z' };
    const { body } = await bench().post(wrong, patient);
    const pointers = body.problems.map(({ pointer }: Record<string, string>) => pointer);
    expect(pointers.sort()).toEqual(['/current_supply', '/run_at']);
  });
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

it.each(PUBLIC_KINDS)('a refusal of $name reads well', async (one) => {
  const other = PRIORITY_NAMES.find((priority) => !one.priorities.includes(priority));
  const body = { ...one.example, ...(other ? { priority: other } : { run_at: NOW }) };
  const caller = allowedCaller(one, 'service');
  const answer = await createSubmitBench(one, issuer).post(body, caller);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).not.toMatch(/\ba [aeiou]|\ban [^aeiou]/i);
});

describe('a full queue', () => {
  const full = () => createSubmitBench(kind, issuer, { hasRoom: async () => false });

  it('refuses a job of its priority, says when to come back, and keeps nothing', async () => {
    const { db, post, sent } = full();
    const { status, headers, body } = await post(kind.example, patient);
    expect([status, headers['retry-after'], body.code]).toEqual([429, '30', 'too_many_requests']);
    expect([db.rows.size, sent.length]).toEqual([0, 0]);
  });

  it('is the queue of the priority that was asked for', async () => {
    const asked: string[] = [];
    const hasRoom = async (priority: string) => asked.push(priority) > 0;
    await createSubmitBench(kind, issuer, { hasRoom }).post({ ...kind.example, priority: 'HIGH' }, patient);
    await createSubmitBench(kind, issuer, { hasRoom }).post(kind.example, patient);
    expect(asked).toEqual(['HIGH', kind.defaultPriority]);
  });

  it('changes nothing for a request that was accepted before', async () => {
    let room = true;
    const { post } = createSubmitBench(kind, issuer, { hasRoom: async () => room });
    const keyed = { headers: { 'Idempotency-Key': 'key-1' } };
    const first = await post(kind.example, patient, keyed);
    room = false;
    expect(await post(kind.example, patient, keyed)).toMatchObject({ status: 202, body: first.body });
  });
});

describe('a patient with as many open jobs as they may have', () => {
  it('is refused one more, told when to come back, and has room again when one has ended', async () => {
    const { db, post, sent } = createSubmitBench(kind, issuer, { userJobLimit: 2 });
    for (let count = 0; count < 2; count += 1) expect((await post(kind.example, patient)).status).toBe(202);
    const { status, headers, body } = await post(kind.example, patient);
    expect([status, headers['retry-after'], body.code]).toEqual([429, '30', 'too_many_requests']);
    expect([db.rows.size, sent.length]).toEqual([2, 2]);
    expect(JSON.stringify(body)).not.toContain(String(kind.example['user_id']));

    const [row] = db.rows.values();
    if (!row) throw new Error('There is no job.');
    await createInMemoryStore(db).commit(sampleChange('cancel', row));
    expect((await post(kind.example, patient)).status).toBe(202);
  });

  it('is answered as before to a request that was accepted before, and others have room', async () => {
    const { post } = createSubmitBench(kind, issuer, { userJobLimit: 1 });
    const keyed = { headers: { 'Idempotency-Key': 'key-1' } };
    const first = await post(kind.example, patient, keyed);
    expect(await post(kind.example, patient, keyed)).toMatchObject({ status: 202, body: first.body });
    const other = { ...kind.example, user_id: 'somebody-else' };
    const service = { role: 'service', subject: 'staff-1' } as const;
    expect((await post(other, service)).status).toBe(202);
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
    ['of two keys in one line', 'key-1, key-2'],
  ])('that is %s is refused', async (_name, key) => {
    const { status, body } = await bench().post(kind.example, patient, keyed(key));
    expect(status).toBe(400);
    expect(body.problems).toMatchObject([{ pointer: '', code: 'invalid_idempotency_key' }]);
  });
});

describe('headers that stand twice', () => {
  const twice = (name: string, values: string[]) => ({ repeatedHeaders: { [name]: values } });
  const repeated = (name: string) => [
    { pointer: '', code: 'repeated_header', detail: `Header ${name}: send it once.` },
  ];

  it.each([
    ['Idempotency-Key', ['key-1', 'key-2']],
    ['Idempotency-Key', ['key-1', 'key-1']],
    ['Content-Type', ['application/json', 'text/plain']],
    ['Content-Type', ['application/json, text/plain']],
  ])('%s: %j is refused', async (name, values) => {
    const { db, post } = bench();
    const { status, body } = await post(kind.example, patient, twice(name, values));
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_input', problems: repeated(name) });
    expect(db.rows.size).toBe(0);
  });

  it('two different tokens are refused, each valid or not', async () => {
    const { db, post } = bench();
    const token = await issuer.sign({ groups: ['patient'], sub: userId });
    const tokens = twice('Authorization', ['Bearer other', `Bearer ${token}`]);
    const { status, body } = await post(kind.example, undefined, tokens);
    expect(status).toBe(401);
    expect(body).toMatchObject({ code: 'unauthorized' });
    expect(db.rows.size).toBe(0);
    expect([...db.audit.values()]).toMatchObject([{ actor: { ref: 'anonymous' } }]);
  });

  it('the same content type twice does no harm', async () => {
    const same = twice('Content-Type', ['application/json', 'application/json']);
    expect(await bench().post(kind.example, patient, same)).toMatchObject({ status: 202 });
  });
});

it('answers a medication that the user does not have with 404', async () => {
  const records = {
    readMany: async (keys: readonly unknown[]) => keys.map(() => undefined),
    async *list() {},
    async *range() {},
    owners: async () => [],
    patientsOf: async () => [],
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
  const { status, headers, body } = await post(kind.example, patient);
  expect(status).toBe(202);
  expect(db.rows.has(body.job_id)).toBe(true);
  expect(log.all.filter(({ event }) => event === 'job.enqueue_failed')).toMatchObject([
    { fields: { job_id: body.job_id, correlation_id: headers['x-correlation-id'] } },
  ]);
});
