import { describe, expect, it } from 'vitest';
import { countVariable, createBase } from './base.ts';
import { onceLoaded } from './once-loaded.ts';
import { callerParts } from './token-parts.ts';

const issuer = {
  issuer: 'https://issuer.example',
  jwksUri: 'https://issuer.example/keys',
  clients: ['app'],
  groupsClaim: 'groups',
  roles: ['patient'],
};

const operationsApi = (over: Record<string, string> = {}) =>
  createBase('operations-api', {
    STAGE: 'dev',
    JOBS_TABLE: 'jobs',
    RECORDS_TABLE: 'records',
    AUDIT_TABLE: 'audit',
    FIELD_KEY_ARN: 'key',
    ISSUERS: JSON.stringify([issuer]),
    REQUIRE_PURPOSE: 'off',
    SERVICE_VERSION: '1',
    QUEUE_LIMIT: '1000',
    USER_JOB_LIMIT: '100',
    CORS_ORIGINS: '',
    WATCH_SHARDS: '4',
    DUE_SHARDS: '2',
    OUTCOME_SHARDS: '1',
    TOPIC_ARN: 'topic',
    CRITICAL_MAPPING_ID: 'mapping-1',
    HIGH_MAPPING_ID: 'mapping-2',
    MEDIUM_MAPPING_ID: 'mapping-3',
    LOW_MAPPING_ID: 'mapping-4',
    ...over,
  });

describe('createBase', () => {
  it('names every missing variable at once', () => {
    expect(() => createBase('operations-api', { STAGE: 'dev', ISSUERS: '[]' })).toThrow(
      /JOBS_TABLE.*FIELD_KEY_ARN.*SERVICE_VERSION/,
    );
  });

  it('gives the variables of the contract and no others', () => {
    const base = operationsApi();
    expect(base.variable('JOBS_TABLE')).toBe('jobs');
    expect(base.has('BUS_NAME')).toBe(false);
    expect(() => base.variable('BUS_NAME')).toThrow('operations-api reads BUS_NAME');
  });

  it.each(['0', '-1', '1.5', 'many', ''])('takes no count of %j', (text) => {
    const base = createBase('tick-shard', tickShardWith(text));
    expect(() => countVariable(base, 'DUE_SHARDS')).toThrow('DUE_SHARDS');
  });
});

const tickShardWith = (count: string): Record<string, string> =>
  new Proxy({ DUE_SHARDS: count } as Record<string, string>, {
    get: (target, name) => target[String(name)] ?? 'x',
  });

describe('callerParts', () => {
  it.each([
    ['no list', '{}'],
    ['an empty list', '[]'],
    ['an issuer without clients', JSON.stringify([{ ...issuer, clients: [] }])],
    ['an issuer without a name', JSON.stringify([{ ...issuer, issuer: '' }])],
    ['another use of tokens', JSON.stringify([{ ...issuer, tokenUse: 'id' }])],
    ['null', '[null]'],
    ['keys over an open line', JSON.stringify([{ ...issuer, jwksUri: 'http://issuer.example/keys' }])],
  ])('is not made from %s', (_name, text) => {
    expect(() => callerParts(operationsApi({ ISSUERS: text }))).toThrow('ISSUERS');
  });

  it.each([
    ['on', true],
    ['off', false],
  ])('asks for a purpose when the deployer says %s', (REQUIRE_PURPOSE, isPurposeRequired) => {
    expect(callerParts(operationsApi({ REQUIRE_PURPOSE }))).toMatchObject({ isPurposeRequired });
  });

  it('is made from a list of issuers', async () => {
    expect(await callerParts(operationsApi()).verifyToken(undefined)).toEqual({
      ok: false,
      fault: 'missing',
    });
  });
});

describe('onceLoaded', () => {
  it('shares one load and keeps no failure', async () => {
    let loads = 0;
    const value = onceLoaded(async () => {
      loads += 1;
      if (loads === 1) throw new Error('away');
      return loads;
    });
    const first = await Promise.allSettled([value(), value()]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await Promise.all([value(), value()])).toEqual([2, 2]);
  });
});
