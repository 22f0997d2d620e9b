import type { RouteName } from '#shared/contract/routes.ts';
import { ROUTE_ACCESS } from '#shared/evidence/access.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { type AccessBench, callerOf, PATIENT_ID } from './access-bench.ts';
import { SAMPLES } from './access-samples.ts';
import type { ApiEventOptions } from './api-event.ts';
import { deliverAll, submitted } from './test-engine.ts';

/** A request of that route which does what it asks for, with whatever has to stand before it. */
export async function rightRequest(bench: AccessBench, route: RouteName): Promise<ApiEventOptions> {
  const sample = SAMPLES[route];
  if (sample) return sample.prepare(bench);
  const [kind] = PUBLIC_KINDS;
  if (!kind) throw new Error('There is a kind.');
  const { jobId } = await submitted(bench.engine, kind, {
    payload: { ...kind.example, user_id: PATIENT_ID },
  });
  await deliverAll(bench.engine);
  const row = bench.engine.db.rows.get(jobId);
  // Who looks at a job finds one that has ended.
  const status = route === 'retryJob' ? 'failed' : route === 'cancelJob' ? 'queued' : row?.status;
  if (row && status) bench.engine.db.putRow({ ...row, status });
  return { pathParameters: { job_id: jobId } };
}

/** A role that may: admins end what others have opened, else the first. */
export function allowedTo(route: RouteName) {
  const { ofPatient, ofNobody } = ROUTE_ACCESS[route];
  const names: readonly string[] = [...Object.keys(ofPatient), ...ofNobody];
  const role: Role | undefined = names.includes('admin') ? 'admin' : ROLES.find((one) => names.includes(one));
  if (!role) throw new Error(`Nobody may use ${route}.`);
  return callerOf(role, role === 'patient' ? 'self' : 'claim');
}
