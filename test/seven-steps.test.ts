import { beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { allowedCaller, createAllRolesIssuer, createSubmitBench } from '#test/builders/submit-bench.ts';
import { createInMemoryStore } from '#test/fakes/in-memory-store.ts';

// The specification's "Validation Requirements: Full": for each kind and each of the seven steps one request that fails
// that step, and nothing but that step.

let issuer: Awaited<ReturnType<typeof createAllRolesIssuer>>;
beforeAll(async () => {
  issuer = await createAllRolesIssuer();
});

const kinds = PUBLIC_KINDS.map((kind) => ({ name: kind.name, kind, caller: allowedCaller(kind) }));

describe.each(kinds)('$name', ({ kind, caller }) => {
  const benchOf = (replaced: Parameters<typeof createSubmitBench>[2] = {}) =>
    createSubmitBench(kind, issuer, replaced);

  /** No job, no message; and in the trail exactly one refusal, which names the step. */
  const expectRefusedAt = (bench: ReturnType<typeof benchOf>, step: string, status: number) => {
    expect(bench.db.rows.size).toBe(0);
    expect(bench.sent).toEqual([]);
    expect([...bench.db.audit.values()]).toMatchObject([
      { action: 'request.refused', outcome: 'refused', details: { step, status } },
    ]);
    expect(bench.log.all).toMatchObject([
      { event: 'request.refused', fields: { step, http_status: status, kind: kind.name } },
    ]);
  };

  it('is accepted when all seven steps pass', async () => {
    const bench = benchOf();
    const { status, headers, body } = await bench.post(kind.example, caller);
    expect(status).toBe(202);
    expect(body).toMatchObject({
      job_id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      status: 'queued',
      kind: kind.name,
      priority: kind.defaultPriority,
      links: { self: `/api/v1/jobs/${body.job_id}` },
    });
    expect(headers).toMatchObject({ location: `/api/v1/jobs/${body.job_id}` });
    expect([...bench.db.rows.keys()]).toEqual([body.job_id]);
    expect(bench.sent.map(({ message }) => message)).toEqual([
      { v: 1, jobId: body.job_id, kind: kind.name, priority: kind.defaultPriority, generation: 1 },
    ]);
    expect([...bench.db.audit.values()]).toMatchObject([{ action: 'job.accepted', jobId: body.job_id }]);
    expect(bench.metrics.all.map(({ name }) => name)).toEqual(['request_time', 'request_error_rate']);
  });

  it('step 1, input: an unknown field and a wrong priority, both named', async () => {
    const bench = benchOf();
    const { status, body } = await bench.post({ ...kind.example, unheard_of: 1, priority: 'SOON' }, caller);
    expect(status).toBe(400);
    expect(body.code).toBe('invalid_input');
    expect(body.problems.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/priority',
      '/unheard_of',
    ]);
    expectRefusedAt(bench, 'validateInput', 400);
  });

  it('step 1, input: each required field is missed', async () => {
    const bench = benchOf();
    const { status, body } = await bench.post({}, caller);
    expect(status).toBe(400);
    expect(body.problems.length).toBeGreaterThan(0);
    for (const problem of body.problems) expect(problem).toMatchObject({ code: 'required' });
    expectRefusedAt(bench, 'validateInput', 400);
  });

  it('step 1 before step 2: without a valid token nothing is said about the fields', async () => {
    const bench = benchOf();
    const { status, body } = await bench.post({ ...kind.example, unheard_of: 1 });
    expect(status).toBe(400);
    expect(body.code).toBe('invalid_input');
    expect(body).not.toHaveProperty('problems');
    expectRefusedAt(bench, 'validateInput', 400);
  });

  it('step 2, token: none', async () => {
    const bench = benchOf();
    const { status, headers, body } = await bench.post(kind.example);
    expect(status).toBe(401);
    expect(body.code).toBe('unauthorized');
    expect(headers['www-authenticate']).toBe('Bearer');
    expectRefusedAt(bench, 'authenticate', 401);
  });

  it('step 3, role: one that may not submit this kind', async () => {
    const bench = benchOf();
    const role = ROLES.find((name) => !kind.submitRoles.includes(name));
    const userId = kind.open(kind.example).userId;
    const careFor = userId === undefined ? [] : [userId];
    const { status, body } = await bench.post(kind.example, {
      role: role ?? 'patient',
      subject: 'x',
      careFor,
    });
    expect(status).toBe(403);
    expect(body.code).toBe('forbidden');
    expectRefusedAt(bench, 'authorize', 403);
  });

  it.each([
    [
      'the key of the field encryption cannot be used',
      { encryptionKeyUsable: () => Promise.reject(new Error('denied')), redactionHolds: async () => true },
    ],
    [
      'the log lets an identifier through',
      { encryptionKeyUsable: async () => true, redactionHolds: async () => false },
    ],
  ])('step 4, HIPAA: %s', async (_, probes) => {
    const bench = benchOf({ probes });
    const { status, body } = await bench.post(kind.example, caller);
    expect(status).toBe(403);
    expect(body.code).toBe('compliance_check_failed');
    expectRefusedAt(bench, 'verifyCompliance', 403);
  });

  it('step 5, business rules: a start in the past', async () => {
    const bench = benchOf();
    const { status, body } = await bench.post({ ...kind.example, run_at: '2020-01-01T00:00:00Z' }, caller);
    expect(status).toBe(400);
    expect(body.problems).toMatchObject([{ pointer: '/run_at', code: 'not_in_future' }]);
    expectRefusedAt(bench, 'applyBusinessRules', 400);
  });

  it('step 6, evidence: the accepting transaction fails, and with it the request', async () => {
    const store = { ...createInMemoryStore(), accept: () => Promise.reject(new Error('away')) };
    const broken = benchOf({ store });
    const { status, body } = await broken.post(kind.example, caller);
    expect(status).toBe(500);
    expect(body.code).toBe('internal_error');
    expect(broken.db.rows.size).toBe(0);
    expect(broken.sent).toEqual([]);
    expect(broken.log.all).toMatchObject([{ event: 'request.failed', fields: { step: 'recordAcceptance' } }]);
    expect(broken.metrics.all).toContainEqual({
      name: 'request_error_rate',
      value: 1,
      unit: 'Count',
    });
  });

  it('step 7, metrics: the job stands, so the answer does, and the loss is logged', async () => {
    const bench = benchOf({
      metrics: {
        add: () => {
          throw new Error('full');
        },
      },
    });
    const { status, body } = await bench.post(kind.example, caller);
    expect(status).toBe(202);
    expect(bench.db.rows.has(body.job_id)).toBe(true);
    expect(bench.log.all).toContainEqual(
      expect.objectContaining({
        level: 'error',
        event: 'request.failed',
        fields: expect.objectContaining({ step: 'recordMetrics', reason: 'metrics_not_recorded' }),
      }),
    );
  });
});

describe.each(kinds.filter(({ kind }) => kind.open(kind.example).userId !== undefined))(
  '$name, about a patient',
  ({ kind }) => {
    it.each(kind.submitRoles.filter((role) => role !== 'service'))(
      'step 3, role: a %s for somebody else',
      async (role) => {
        const bench = createSubmitBench(kind, issuer);
        const { status, body } = await bench.post(kind.example, {
          role,
          subject: 'somebody-else',
          careFor: ['another-patient'],
        });
        expect(status).toBe(403);
        expect(body.code).toBe('forbidden');
        expect([...bench.db.audit.values()]).toMatchObject([
          { action: 'request.refused', subjectRef: expect.any(String), details: { step: 'authorize' } },
        ]);
        expect(bench.db.rows.size).toBe(0);
      },
    );
  },
);
