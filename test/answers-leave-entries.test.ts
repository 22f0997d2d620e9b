import { describe, expect, it } from 'vitest';
import { ROUTES, type RouteName } from '#shared/contract/routes.ts';
import { type AccessBench, createAccessBench } from './builders/access-bench.ts';
import { allowedTo, rightRequest } from './builders/right-request.ts';

// Whatever an answer tells of anybody has its entry in the trail, also when the same is asked for once more. What leaves none
// tells of nobody, and stands here with its reason.

const routeNames = Object.keys(ROUTES) as RouteName[]; // its own keys

const TELL_OF_NOBODY: { readonly [R in RouteName]?: string } = {
  health: 'whether parts of the service answer, to everybody',
  listPriorities: 'numbers of open jobs, and what was decided about a priority',
  getBulkAction: 'numbers, and the filter of an operator, which names no patient',
  // Of the sample: there is nothing to resume.
  resumePriority: 'the priority runs already',
};

/** A repetition of these changes nothing, and tells of nobody either. */
const REPEATED_OF_NOBODY: { readonly [R in RouteName]?: string } = {
  pausePriority: 'the priority is paused',
  abortBulkAction: 'numbers of a bulk action that is stopped',
  recheckInteractions: 'the id of the job that goes through the checks of everybody',
  submitImport: 'the id of the import; its report is asked for by another request',
};

const entries = ({ engine: { db } }: AccessBench): number => db.audit.size;

async function asked(route: RouteName) {
  const bench = createAccessBench();
  const options = await rightRequest(bench, route);
  const caller = allowedTo(route);
  const before = entries(bench);
  const first = await bench.call(route, options, caller);
  const after = entries(bench);
  bench.engine.time.advance(1);
  const again = await bench.call(route, options, caller);
  return { first: { status: first.status, left: after - before }, again, left: entries(bench) - after };
}

describe.each(routeNames)('%s', (route) => {
  it('leaves an entry of what it did or showed, unless that is about nobody', async () => {
    const { first } = await asked(route);
    expect(first.status).toBeLessThan(300);
    if (TELL_OF_NOBODY[route] === undefined) expect(first.left).toBeGreaterThan(0);
    else expect(first.left).toBe(0);
  });

  it('leaves another one when it is asked for once more', async () => {
    const { again, left } = await asked(route);
    // A refusal is recorded by the chain around every handler, which another test looks at.
    if (again.status >= 400) return expect([409, 412, 410, 404, 403]).toContain(again.status);
    const isOfNobody = TELL_OF_NOBODY[route] ?? REPEATED_OF_NOBODY[route];
    return isOfNobody === undefined ? expect(left).toBeGreaterThan(0) : expect(left).toBe(0);
  });
});
