import { describe, expect, it } from 'vitest';
import { isAllowed, type Statement } from './policy.ts';

const statement = (more: Partial<Statement>): Statement => ({
  effect: 'Allow',
  actions: ['dynamodb:GetItem'],
  resources: ['Jobs'],
  conditions: {},
  ...more,
});
const get = { action: 'dynamodb:GetItem', resource: 'Jobs', context: {} };

describe('a request', () => {
  it('is refused unless a statement allows it', () => {
    expect(isAllowed([], get)).toBe(false);
    expect(isAllowed([statement({})], get)).toBe(true);
    expect(isAllowed([statement({ actions: ['dynamodb:PutItem'] })], get)).toBe(false);
    expect(isAllowed([statement({ resources: ['Audit'] })], get)).toBe(false);
  });

  it('is refused when one statement allows and another denies it', () => {
    expect(
      isAllowed([statement({}), statement({ effect: 'Deny', actions: ['*'], resources: ['*'] })], get),
    ).toBe(false);
  });

  it('is about a table or about one of its indexes, not about both', () => {
    const query = { action: 'dynamodb:Query', resource: 'Jobs/index/by-user', context: {} };
    const allowed = statement({ actions: ['dynamodb:Query'] });
    expect(isAllowed([allowed], query)).toBe(false);
    expect(isAllowed([{ ...allowed, resources: ['Jobs/index/by-*'] }], query)).toBe(true);
  });

  it('fulfils every condition of the statement that allows it', () => {
    const conditions = { StringEquals: { 'kms:ViaService': ['sqs', 's3'] }, Null: { purpose: ['false'] } };
    const asked = (context: Record<string, string>) =>
      isAllowed([statement({ conditions })], { ...get, context });
    expect(asked({ 'kms:ViaService': 's3', purpose: 'x' })).toBe(true);
    expect(asked({ 'kms:ViaService': 's3' })).toBe(false);
    expect(asked({ 'kms:ViaService': 'sns', purpose: 'x' })).toBe(false);
    expect(asked({ purpose: 'x' })).toBe(false);
  });

  it('cannot be judged under a condition that nobody evaluates', () => {
    const conditions = { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } };
    expect(() => isAllowed([statement({ conditions })], get)).toThrow('IpAddress');
  });
});
