import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callerAs } from '#test/builders/test-engine.ts';
import { RETENTION_DAYS } from '../contract/tables.ts';
import {
  type ComplianceSubject,
  ENFORCED_BY,
  failedChecks,
  recalledChecks,
  recordedChecks,
  verifyCompliance,
} from './compliance-checks.ts';

const PROBES = { encryptionKeyUsable: async () => true, redactionHolds: async () => true };
const SUBJECT = {
  caller: callerAs('patient', 'user-1'),
  userId: 'user-1',
  grant: { role: 'patient', userId: 'user-1' },
  forwardedBy: [],
  parts: [],
} as const satisfies ComplianceSubject;
const CLOSED = { type: 'object', additionalProperties: false, properties: { id: {} } };
const failed = async (...args: Parameters<typeof verifyCompliance>) =>
  failedChecks(await verifyCompliance(...args));

describe('the HIPAA step', () => {
  it('names twelve checks, their clauses and how each was established', async () => {
    const checks = await verifyCompliance(PROBES, SUBJECT);
    expect(checks.filter((check) => !/^164\.\d{3}\([a-z]\)/.test(check.control))).toEqual([]);
    expect(
      checks.filter(({ outcome, evidence }) => (outcome === 'not_applicable') !== (evidence === '')),
    ).toEqual([]);
    expect(recordedChecks(checks).checks.split(' ')).toEqual([
      'transport=enforced',
      'token=verified',
      'role=verified',
      'relationship=verified',
      'purpose=verified',
      'minimum_necessary=verified',
      'encryption_key=verified',
      'storage_target=not_applicable',
      'audit_durable=enforced',
      'retention=enforced',
      'outbound_channel=enforced',
      'redaction=verified',
    ]);
  });

  it.each([
    ['answers no', async () => false],
    ['cannot answer', async () => Promise.reject(new Error('away'))],
  ])('fails closed when a probe %s', async (_, probe) => {
    expect(await failed({ ...PROBES, encryptionKeyUsable: probe }, SUBJECT)).toEqual(['encryption_key']);
    expect(await failed({ ...PROBES, redactionHolds: probe }, SUBJECT)).toEqual(['redaction']);
  });

  it.each<[string, Partial<ComplianceSubject>, string[]]>([
    ['a token without a subject', { caller: callerAs('patient', '') }, ['token', 'relationship']],
    ['no granted role', { grant: { role: undefined, userId: 'user-1' } }, ['role', 'purpose']],
    ['a role that the token does not have', { caller: callerAs([], 'user-1') }, ['role']],
    ['a grant about somebody else', { grant: { role: 'patient', userId: 'user-2' } }, ['relationship']],
    [
      'a foreign patient',
      { userId: 'user-2', grant: { role: 'patient', userId: 'user-2' } },
      ['relationship'],
    ],
    ['a connection that was not encrypted', { forwardedBy: ['https', 'http'] }, ['transport']],
    [
      'a member that no schema names',
      { body: { schema: CLOSED, value: { id: 1, ssn: 2 } } },
      ['minimum_necessary'],
    ],
    ['a place of somebody else', { target: 'elsewhere' }, ['storage_target']],
    ['a class of retention that nobody knows', { retention: { jobs: 90 } }, ['retention']],
    ['evidence that is kept for a year', { retention: { ...RETENTION_DAYS, accesses: 365 } }, ['retention']],
    ['a channel that may carry nothing of a patient', { parts: ['publisher', 'fax'] }, ['outbound_channel']],
    [
      'a purpose that is none of the role’s',
      { caller: { ...callerAs('patient', 'user-1'), purpose: 'HRESCH' } },
      ['purpose'],
    ],
  ])('fails for %s', async (_, changed, names) => {
    expect(await failed(PROBES, { ...SUBJECT, ...changed })).toEqual(names);
  });

  it('says what does not apply to a backup', async () => {
    const grant = { role: 'service', userId: undefined } as const;
    const backup = {
      ...SUBJECT,
      caller: callerAs('service'),
      userId: undefined,
      grant,
      target: 'inside',
      // It is about nobody: what it uses carries nothing of a patient.
      parts: ['fax'],
      retention: { ...RETENTION_DAYS, accesses: 365 },
    } as const;
    const { checks } = recordedChecks(await verifyCompliance(PROBES, backup));
    expect(checks).toContain('storage_target=enforced');
    expect(checks).toContain('relationship=not_applicable');
    expect(checks).toContain('outbound_channel=not_applicable');
    expect(checks).toContain('retention=enforced');
  });

  it('is told again as it was by what the audit entry keeps', async () => {
    const checks = await verifyCompliance(PROBES, SUBJECT);
    const kept = recordedChecks(checks);
    expect(kept.policy_version).toMatch(/^[0-9a-f]{16}$/);
    expect(recalledChecks(kept.checks)).toEqual(
      checks.map(({ evidence, ...check }) => ({ ...check, ...(evidence !== '' && { evidence }) })),
    );
    // Entries from before this version may name others, and jobs that other jobs ordered have none.
    expect(recalledChecks('former=verified')).toEqual([{ name: 'former', outcome: 'verified' }]);
    expect(recalledChecks('')).toEqual([]);
  });

  it.each(Object.entries(ENFORCED_BY))('%s is proved by a test that exists', (_, reference) => {
    const [file = '', name = ''] = reference.split(/: (.*)/);
    expect(readFileSync(file, 'utf8')).toContain(`it('${name}'`);
  });
});
