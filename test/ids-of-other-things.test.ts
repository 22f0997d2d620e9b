import { describe, expect, it } from 'vitest';
import { ROUTES, type RouteName } from '#shared/contract/routes.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { type AccessBench, createAccessBench, PATIENT_ID } from './builders/access-bench.ts';
import { allowedTo, rightRequest } from './builders/right-request.ts';
import { submitted } from './builders/test-engine.ts';

// Ids of jobs, imports, bulk actions and grants look alike. One of another thing opens nothing, and is answered as one that
// nothing has, to somebody who may use the route.

const routeNames = Object.keys(ROUTES) as RouteName[]; // its own keys

/** What each name of an id in a path may be of: an import is a job, too. */
const FITTING = {
  job_id: ['job', 'import'],
  import_id: ['import'],
  bulk_action_id: ['bulk action'],
  grant_id: ['grant'],
} as const;
type IdName = keyof typeof FITTING;

const idIn = (route: RouteName): IdName | undefined =>
  (Object.keys(FITTING) as IdName[]).find((name) => ROUTES[route].path.includes(`{${name}}`));

async function everything(bench: AccessBench): Promise<Readonly<Record<string, string>>> {
  const made = async (route: RouteName) =>
    (await bench.call(route, await rightRequest(bench, route), allowedTo(route))).body;
  const [kind] = PUBLIC_KINDS;
  if (!kind) throw new Error('There is a kind.');
  const { jobId } = await submitted(bench.engine, kind, {
    payload: { ...kind.example, user_id: PATIENT_ID },
  });
  return {
    job: jobId,
    import: (await made('submitImport')).import_id,
    'bulk action': (await made('startBulkAction')).bulk_action_id,
    grant: (await made('openBreakGlass')).grant_id,
    nothing: '01M856VSB7PBN2NSWK04TNX4FH',
  };
}

describe.each(routeNames.filter((route) => idIn(route)))('%s', (route) => {
  it('knows nothing by the id of something else', async () => {
    const name = idIn(route) ?? 'job_id';
    const fitting: readonly string[] = FITTING[name];
    const bench = createAccessBench();
    const ids = await everything(bench);
    const right = await rightRequest(bench, route);
    const answers = [];
    for (const [what, id] of Object.entries(ids)) {
      expect(id).toMatch(/^[0-9A-Z]{26}$/);
      if (fitting.includes(what)) continue;
      const { status, body } = await bench.call(
        route,
        { ...right, pathParameters: { [name]: id } },
        allowedTo(route),
      );
      answers.push([what, status, body.code, body.detail]);
    }
    const nothing = answers.at(-1)?.slice(1);
    expect(nothing?.slice(0, 2)).toEqual([404, 'not_found']);
    expect(answers).toEqual(answers.map(([what]) => [what, ...(nothing ?? [])]));
  });
});
