import { describe, expect, it } from 'vitest';
import { callerAs } from '#test/builders/test-engine.ts';
import { failedChecks, verifyCompliance } from './compliance-checks.ts';

const USABLE = { encryptionKeyUsable: async () => true };
const SUBJECT = { caller: callerAs('patient'), userId: 'user-1', storesOutside: false };
const outcomes = async (...args: Parameters<typeof verifyCompliance>) =>
  Object.fromEntries((await verifyCompliance(...args)).map((check) => [check.name, check.outcome]));

describe('the HIPAA step', () => {
  it('names every check, its clause and how it was established', async () => {
    const checks = await verifyCompliance(USABLE, SUBJECT);
    expect(checks.filter((check) => !/^164\.\d{3}\([a-z]\)/.test(check.control))).toEqual([]);
    expect(failedChecks(checks)).toEqual([]);
    expect(await outcomes(USABLE, SUBJECT)).toEqual({
      transport: 'enforced',
      unique_user: 'verified',
      access_role: 'verified',
      minimum_necessary: 'verified',
      encryption_key: 'verified',
      storage_target: 'not_applicable',
      audit_durable: 'enforced',
      subject_named: 'verified',
    });
  });

  it.each([
    ['answers no', async () => false],
    ['cannot answer', async () => Promise.reject(new Error('KMS is away'))],
  ])('fails closed when the key %s', async (_, encryptionKeyUsable) => {
    const checks = await verifyCompliance({ encryptionKeyUsable }, SUBJECT);
    expect(failedChecks(checks)).toEqual(['encryption_key']);
  });

  it.each([
    ['no subject', callerAs('patient', '')],
    ['no role', callerAs([])],
  ])('fails for a caller with %s', async (_, caller) => {
    expect(failedChecks(await verifyCompliance(USABLE, { ...SUBJECT, caller }))).toEqual(['unique_user']);
  });

  it('says what does not apply', async () => {
    const backup = { caller: callerAs('service'), userId: undefined, storesOutside: true };
    expect(await outcomes(USABLE, backup)).toMatchObject({
      storage_target: 'verified',
      subject_named: 'not_applicable',
    });
  });
});
