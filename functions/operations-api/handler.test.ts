import { describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { createHealthCheck } from '#shared/operations/check-health.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { operationsApi } from './handler.ts';

function bench(states: Record<string, () => Promise<boolean>>, role?: Role) {
  let asked = 0;
  const probes = Object.entries(states).map(([part, answers]) => ({
    part,
    answers: () => {
      asked += 1;
      return answers();
    },
  }));
  const { deps } = recordingApiDeps();
  const caller = role && { subject: 'x', roles: [role], careFor: [] };
  const handler = apiHandler(
    deps,
    operationsApi({
      checkHealth: createHealthCheck(probes),
      version: '1.2.3',
      verifyToken: async () => (caller ? { ok: true, caller } : { ok: false, fault: 'expired' }),
    }),
  );
  return {
    asked: () => asked,
    call: async (headers: Record<string, string> = {}) => {
      const event = apiEvent({ method: 'GET', path: '/health', headers });
      const { statusCode, body } = await handler(event, lambdaContext());
      return { status: statusCode, body: JSON.parse(body) };
    },
  };
}

const up = async () => true;
const token = { Authorization: 'Bearer x.y.z' };

describe('GET /health', () => {
  it('says up or not without a token, and no more', async () => {
    expect(await bench({ database: up }).call()).toEqual({ status: 200, body: { status: 'up' } });
    const broken = { database: up, key: () => Promise.reject(new Error('denied')) };
    expect(await bench(broken).call()).toEqual({ status: 503, body: { status: 'down' } });
  });

  it('takes a token that is not valid for none', async () => {
    expect(await bench({ database: up }).call(token)).toEqual({ status: 200, body: { status: 'up' } });
  });

  it('shows version and parts to those whom the role table names', async () => {
    const detailed: Role[] = [];
    for (const role of ROLES) {
      const { body } = await bench({ database: up, key: async () => false }, role).call(token);
      if (body.parts) detailed.push(role);
      else expect(body).toEqual({ status: 'down' });
    }
    expect(detailed).toEqual(['operator', 'admin']);
    const { body } = await bench({ database: up, key: async () => false }, 'operator').call(token);
    expect(body).toMatchObject({ status: 'down', version: '1.2.3', parts: { database: 'up', key: 'down' } });
  });

  it('asks the parts once for many requests', async () => {
    const { asked, call } = bench({ database: up });
    for (let count = 0; count < 5; count += 1) await call();
    expect(asked()).toBe(1);
  });
});
