import { describe, expect, it } from 'vitest';
import { ROUTES, type RouteName } from '#shared/contract/routes.ts';
import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';
import { type AccessBench, createAccessBench } from './builders/access-bench.ts';
import { allowedTo, rightRequest } from './builders/right-request.ts';

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

/** All that stands, but what the audit trail and the counters of refusals say. */
const standing = ({ engine: { db, queue } }: AccessBench): string =>
  JSON.stringify([[...db.rows], [...db.records], queue.sent.length]);

describe.each(FAULTS)('while %s', (_, answers) => {
  it.each(CHANGES)('%s is refused and changes nothing, unless it stops something', async (route) => {
    const bench = createAccessBench();
    const options = await rightRequest(bench, route);
    const before = standing(bench);
    bench.probe(answers);
    const { status, body } = await bench.call(route, options, allowedTo(route));
    if (OPEN.includes(route)) {
      expect(status).toBeLessThan(300);
      return;
    }
    expect([status, body.code]).toEqual([403, 'compliance_check_failed']);
    expect(standing(bench)).toBe(before);
  });
});
