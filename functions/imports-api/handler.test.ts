import { beforeEach, describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { IMPORT_BODY_LIMIT_BYTES, IMPORT_LINE_LIMIT } from '#shared/contract/routes.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { NOW, recordingApiDeps } from '#test/builders/api-deps.ts';
import { type ApiEventOptions, apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { createTestEngine, deliverAll, type TestEngine } from '#test/builders/test-engine.ts';
import { importsApi } from './handler.ts';
import { readImport } from './read-import.ts';
import { readFhir } from './read-lines.ts';

const SERVICE: Caller = { subject: 'portal', roles: ['service'], careFor: [] };
const NDJSON = 'application/x-ndjson';

const lineFor = (user: string): string =>
  JSON.stringify({
    user_id: user,
    medication_id: 'm',
    schedule: { frequency: 'daily', times: ['08:00'], time_zone: 'UTC' },
  });

let engine: TestEngine;
beforeEach(() => {
  engine = createTestEngine(JOB_KINDS, { start: NOW });
});

async function call(options: ApiEventOptions, caller: Caller | undefined = SERVICE, keyUsable = true) {
  const { deps, refusals } = recordingApiDeps();
  const serve = importsApi({
    ...engine,
    hasRoom: async () => true,
    verifyToken: async () => (caller.subject === '' ? { ok: false, fault: 'expired' } : { ok: true, caller }),
    probes: { encryptionKeyUsable: async () => keyUsable, redactionHolds: async () => true },
  });
  const answer = await apiHandler(deps, serve)(apiEvent({ path: '/imports', ...options }), lambdaContext());
  return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body), refusals };
}

const post = (rawBody: string, type = NDJSON, more: Partial<ApiEventOptions> = {}) =>
  call({ ...more, rawBody, headers: { 'Content-Type': type, ...more.headers } });

const get = (id: string, query: Record<string, readonly string[]> = {}, caller = SERVICE) =>
  call({ method: 'GET', path: '/imports/{import_id}', pathParameters: { import_id: id }, query }, caller);

describe('POST /imports', () => {
  it('answers with the import and where its report is', async () => {
    const { status, headers, body } = await post(`${lineFor('a')}\n\n${lineFor('b')}\n`);
    expect(status).toBe(202);
    const self = `/api/v1/imports/${body.import_id}`;
    expect(body).toEqual({ import_id: expect.stringMatching(/^[0-9A-Z]{26}$/), lines: 2, links: { self } });
    expect(headers['location']).toBe(self);
    expect(engine.queue.sent).toMatchObject([{ message: { kind: 'import', priority: 'LOW' } }]);
    await deliverAll(engine);
    expect((await get(body.import_id)).body).toMatchObject({
      status: 'completed',
      lines: { total: 2, done: 2 },
      report: [
        { line: 1, outcome: 'accepted' },
        { line: 3, outcome: 'accepted' },
      ],
    });
  });

  it('refuses lines whose medication has a name that cannot be seen as it is, in both forms', async () => {
    const name = 'aspirin\u202e take 2';
    const schedule = { frequency: 'daily', times: ['08:00'], time_zone: 'UTC' };
    const ids = { user_id: 'a', medication_id: 'm' };
    const problemsOf = async (lines: readonly object[], type: string) => {
      const { body } = await post(lines.map((line) => JSON.stringify(line)).join('\n'), type);
      await deliverAll(engine);
      const { report } = (await get(body.import_id)).body;
      return report.map(({ problems }: { problems: { pointer: string; code: string }[] }) =>
        problems.map(({ pointer, code }) => `${pointer} ${code}`),
      );
    };
    expect(
      await problemsOf(
        [
          { ...ids, schedule: { ...schedule, medication_name: name } },
          { ...ids, medication_id: 'n', schedule, medication: { name } },
        ],
        NDJSON,
      ),
    ).toEqual([['/schedule/medication_name wrong_format'], ['/medication/name wrong_format']]);
    const fhir = {
      resourceType: 'MedicationRequest',
      id: 'm',
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/a' },
      medicationCodeableConcept: { text: name },
      dosageInstruction: [{ timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } }],
    };
    expect(String(await problemsOf([fhir], 'application/fhir+ndjson'))).toMatch(/name wrong_format/);
  });

  it('takes lines that are wrong, as long as one is not, and points at what is wrong', async () => {
    const deep = `{"user_id":"a","x":${'['.repeat(20)}${']'.repeat(20)}}`;
    const lines = [
      lineFor('a'),
      'nonsense',
      '[]',
      deep,
      '{"user_id":"a","user_id":"b"}',
      `"${'x'.repeat(70_000)}"`,
    ];
    const { body } = await post(lines.join('\r\n'));
    await deliverAll(engine);
    const { report } = (await get(body.import_id)).body;
    expect(report.map((line: { problems?: object[] }) => line.problems ?? [])).toMatchObject([
      [],
      [{ pointer: '', code: 'malformed_json' }],
      [{ pointer: '', code: 'malformed_json' }],
      [{ pointer: '', code: 'too_deep' }],
      [{ pointer: '/user_id', code: 'repeated_field' }],
      [{ pointer: '', code: 'too_long' }],
    ]);
    expect(JSON.stringify(report)).not.toContain('nonsense');
  });

  it('takes a Bundle, one MedicationRequest, and one in each line', async () => {
    const resource = (id: string) => ({
      resourceType: 'MedicationRequest',
      id,
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/a' },
      medicationCodeableConcept: { text: 'aspirin' },
      dosageInstruction: [{ asNeededBoolean: true }],
      text: { div: '<div>\nlines and\ttabs\n</div>' },
    });
    const bundle = { resourceType: 'Bundle', entry: [{ resource: resource('1') }, { fullUrl: 'urn:x' }] };
    const sent = [
      await post(JSON.stringify(bundle), 'application/fhir+json'),
      await post(JSON.stringify(resource('2'), null, 2), 'application/fhir+json; charset=utf-8'),
      await post(
        `${JSON.stringify(resource('3'))}\n${JSON.stringify(resource('4'))}`,
        'application/fhir+ndjson',
      ),
    ];
    expect(sent.map(({ status, body }) => [status, body.lines])).toEqual([
      [202, 2],
      [202, 1],
      [202, 2],
    ]);
  });

  it.each([
    'history',
    'transaction-response',
    'batch-response',
    'History',
    'subscription-notification',
    null,
    7,
  ])('refuses a Bundle of type %s: it may hold what is over', async (type) => {
    const bundle = {
      resourceType: 'Bundle',
      type,
      entry: [{ resource: { resourceType: 'MedicationRequest' } }],
    };
    const { body, status } = await post(JSON.stringify(bundle), 'application/fhir+json');
    expect([status, body.problems]).toMatchObject([
      400,
      [{ pointer: '/type', code: 'bundle_not_supported' }],
    ]);
  });

  it.each(['collection', 'searchset', 'transaction', 'batch', 'document', 'message'])(
    'takes a Bundle of type %s, also behind a byte order mark',
    (type) => {
      const event = apiEvent({
        path: '/imports',
        rawBody: `\uFEFF${JSON.stringify({ resourceType: 'Bundle', type, entry: [{ resource: {} }] })}`,
        headers: { 'Content-Type': 'application/fhir+json' },
      });
      expect(readImport(event).lines).toEqual([{ line: 1, value: {} }]);
    },
  );

  it('takes of a transaction what is to be stored, and refuses line by line what is not', () => {
    const resource = { resourceType: 'MedicationRequest', id: '1' };
    const entry = ['PUT', 'POST', 'DELETE', 'GET', 5].map((method) => ({ resource, request: { method } }));
    const lines = readFhir(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }));
    const fault = { pointer: '/request/method', code: 'not_to_be_stored' };
    expect(lines).toEqual([
      { line: 1, value: resource },
      { line: 2, value: resource },
      { line: 3, fault },
      { line: 4, fault },
      { line: 5, fault },
    ]);
  });

  it.each([
    ['another media type', () => post(lineFor('a'), 'text/csv'), 415, 'unsupported_media_type'],
    ['JSON', () => post(lineFor('a'), 'application/json'), 415, 'unsupported_media_type'],
    ['nothing', () => post('\n'), 400, 'invalid_input'],
    ['too many lines', () => post('{}\n'.repeat(IMPORT_LINE_LIMIT + 1)), 400, 'invalid_input'],
    ['too many bytes', () => post('x'.repeat(IMPORT_BODY_LIMIT_BYTES + 1)), 413, 'body_too_large'],
    ['no JSON', () => post('nonsense', 'application/fhir+json'), 400, 'malformed_json'],
    [
      'another resource',
      () => post('{"resourceType":"Patient"}', 'application/fhir+json'),
      400,
      'invalid_input',
    ],
    [
      'a key with commas',
      () => post(lineFor('a'), NDJSON, { headers: { 'Idempotency-Key': 'a,b' } }),
      400,
      'invalid_input',
    ],
  ])('refuses %s', async (_, send, status, code) => {
    const answer = await send();
    expect(answer).toMatchObject({ status, body: { code } });
    expect(engine.db.rows.size + engine.db.records.size).toBe(0);
  });

  it('says to split what is too large', async () => {
    const [bytes, lines] = [
      await post('x'.repeat(IMPORT_BODY_LIMIT_BYTES + 1)),
      await post('{}\n'.repeat(2_001)),
    ];
    expect(bytes.body.detail).toContain('Split');
    expect(lines.body.problems[0].detail).toContain('Split');
  });

  it('takes the largest that it says', async () => {
    const line = lineFor('a');
    const filled = `${line.slice(0, -1)}${' '.repeat(1_000 - line.length)}}`;
    expect(
      (await post(Array.from({ length: IMPORT_LINE_LIMIT }, () => filled).join('\n'))).body,
    ).toMatchObject({
      lines: IMPORT_LINE_LIMIT,
    });
  });

  it('needs a token, a role, and a key that can be used', async () => {
    const options = { rawBody: lineFor('a'), headers: { 'Content-Type': NDJSON } };
    expect(await call(options, { ...SERVICE, subject: '' })).toMatchObject({ status: 401 });
    const patient = await call(options, { subject: 'a', roles: ['patient'], careFor: [] });
    expect(patient).toMatchObject({ status: 403, refusals: [{ code: 'forbidden' }] });
    expect(await call(options, SERVICE, false)).toMatchObject({
      status: 403,
      body: { code: 'compliance_check_failed' },
    });
    expect(engine.db.rows.size).toBe(0);
  });
});

describe('GET /imports/{import_id}', () => {
  it('is paged by a cursor', async () => {
    const { body } = await post(Array.from({ length: 30 }, (_, index) => lineFor(`u-${index}`)).join('\n'));
    await deliverAll(engine);
    const first = (await get(body.import_id, { limit: ['20'] })).body;
    const second = (await get(body.import_id, { limit: ['20'], cursor: [first.next_cursor] })).body;
    const numbers = [...first.report, ...second.report].map(({ line }: { line: number }) => line);
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(second.next_cursor).toBeUndefined();
  });

  it('hides what is foreign, and refuses what it does not know', async () => {
    const { body } = await post(lineFor('a'));
    const id = body.import_id;
    expect(await get(id, {}, { ...SERVICE, subject: 'other' })).toMatchObject({ status: 404 });
    expect(await get('not-an-id')).toMatchObject({ status: 400 });
    expect(await get(id, { limit: ['101'] })).toMatchObject({ status: 400 });
    expect(await get(id, { cursor: ['AAAA'] })).toMatchObject({
      status: 400,
      body: { problems: [{ code: 'invalid_cursor' }] },
    });
  });
});
