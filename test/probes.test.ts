import { describe, expect, it } from 'vitest';
import { ROUTES, type RouteName } from '#shared/contract/routes.ts';
import { ROUTE_ACCESS } from '#shared/evidence/access.ts';
import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { type AccessBench, callerOf, createAccessBench, PATIENT_ID } from './builders/access-bench.ts';
import { SAMPLES } from './builders/access-samples.ts';
import type { ApiEventOptions } from './builders/api-event.ts';
import { deliverAll, submitted } from './builders/test-engine.ts';

// What every route that changes something does while the field key cannot be used, or the log keeps what it must not.

const routeNames = Object.keys(ROUTES) as RouteName[]; // its own keys
const CHANGES = routeNames.filter((name) => ROUTES[name].method !== 'GET');

/** What stops or ends something, looks at something, or answers to an outage. */
const OPEN: readonly RouteName[] = [
  'searchJobs',
  'searchAudit',
  'cancelJob',
  'abortBulkAction',
  'stopMedication',
  'revokeErasure',
  'reviewBreakGlass',
  'revokeBreakGlass',
  'pausePriority',
  'resumePriority',
];

const FAULTS: readonly (readonly [string, Partial<ComplianceProbes>])[] = [
  ['the key cannot be used', { encryptionKeyUsable: async () => false }],
  ['nobody can tell whether it can', { encryptionKeyUsable: () => Promise.reject(new Error('disabled')) }],
  ['the log keeps an identifier', { redactionHolds: async () => false }],
];

async function rightRequest(bench: AccessBench, route: RouteName): Promise<ApiEventOptions> {
  const sample = SAMPLES[route];
  if (sample) return sample.prepare(bench);
  const [kind] = PUBLIC_KINDS;
  if (!kind) throw new Error('There is a kind.');
  const { jobId } = await submitted(bench.engine, kind, {
    payload: { ...kind.example, user_id: PATIENT_ID },
  });
  await deliverAll(bench.engine);
  const row = bench.engine.db.rows.get(jobId);
  if (row) bench.engine.db.putRow({ ...row, status: route === 'retryJob' ? 'failed' : 'queued' });
  return { pathParameters: { job_id: jobId } };
}

/** A role that may: admins end what others have opened, else the first. */
function callerFor(route: RouteName) {
  const { ofPatient, ofNobody } = ROUTE_ACCESS[route];
  const names: readonly string[] = [...Object.keys(ofPatient), ...ofNobody];
  const role: Role | undefined = names.includes('admin') ? 'admin' : ROLES.find((one) => names.includes(one));
  if (!role) throw new Error(`Nobody may use ${route}.`);
  return callerOf(role, role === 'patient' ? 'self' : 'claim');
}

/** All that stands, but what the audit trail and the counters of refusals say. */
const standing = ({ engine: { db, queue } }: AccessBench): string =>
  JSON.stringify([[...db.rows], [...db.records], queue.sent.length]);

describe.each(FAULTS)('while %s', (_, answers) => {
  it.each(CHANGES)('%s is refused and changes nothing, unless it stops something', async (route) => {
    const bench = createAccessBench();
    const options = await rightRequest(bench, route);
    const before = standing(bench);
    bench.probe(answers);
    const { status, body } = await bench.call(route, options, callerFor(route));
    if (OPEN.includes(route)) {
      expect(status).toBeLessThan(300);
      return;
    }
    expect([status, body.code]).toEqual([403, 'compliance_check_failed']);
    expect(standing(bench)).toBe(before);
  });
});
