import { describe, expect, it } from 'vitest';
import { admission } from './admission.ts';

const item = (pk: string, sk: string, more: object = {}) => ({ pk: { S: pk }, sk: { S: sk }, ...more });

describe('on its way into other tables', () => {
  const admit = admission({ erased: new Set(['gone']) });

  it.each([
    ['a record', item('OWNER#gone', 'medication#m')],
    ['the entry in the list of users', item('USERS', 'gone')],
    ['the entry with whom somebody is trusted', item('GRANTEE#other', 'gone')],
    ['a planned erasure', item('ERASURES', '2026#gone', { owner: { S: 'gone' } })],
    ['a dose to come', item('DUE#1#202603010800', 'x', { owner: { S: 'gone' } })],
    ['what results are recalled by', item('RECALL#ref#1', 'x', { userRef: { S: 'gone' } })],
  ])('%s of an erased user is left out', async (_, one) => {
    expect(await admit('records', one)).toBeUndefined();
    const other = JSON.parse(JSON.stringify(one).replaceAll('gone', 'here'));
    expect(await admit('records', other)).toEqual(other);
  });

  it('rows of jobs stay, also those of an erased user', async () => {
    const row = item('JOB#1', 'ROW', { userRef: { S: 'gone' } });
    expect(await admit('jobs', row)).toEqual(row);
  });

  it('the name of the backup that ended last stays with its own deployment, whose bucket has it', async () => {
    const head = item('OWNER#SYSTEM', 'backup#head');
    const elsewhere = admission({ erased: new Set(), rewrap: async (wrapped) => wrapped });
    expect([await admit('records', head), await elsewhere('records', head)]).toEqual([head, undefined]);
    const latest = item('OWNER#SYSTEM', 'backup#latest');
    expect(await elsewhere('records', latest)).toEqual(latest);
  });

  it('data keys are wrapped anew, with their context, and nothing else', async () => {
    const told: unknown[] = [];
    const rewrapping = admission({
      erased: new Set(),
      rewrap: async (wrapped, context) => {
        told.push([wrapped, context]);
        return 'bmV3';
      },
    });
    const more = { wrapped: { B: 'b2xk' }, context: { S: '{"purpose":"field","day":"2026-03-01"}' } };
    const key = item('KEY#DAY#2026-03-01', 'ROW', more);
    for (let times = 0; times < 2; times += 1)
      expect(await rewrapping('jobs', key)).toEqual({ ...key, wrapped: { B: 'bmV3' } });
    // Once only: another time it would be wrapped differently.
    expect(told).toEqual([['b2xk', { purpose: 'field', day: '2026-03-01' }]]);
    const year = { wrapped: { B: 'eWVhcg==' }, context: { S: '{"purpose":"audit-hash","year":"2026"}' } };
    const ofYear = item('KEY#AUDIT#2026', 'ROW', { ...year, ttl: { N: '1990742400' } });
    expect(await rewrapping('jobs', ofYear)).toEqual({ ...ofYear, wrapped: { B: 'bmV3' } });
    expect(told[1]).toEqual(['eWVhcg==', { purpose: 'audit-hash', year: '2026' }]);
    const other = item('JOB#1', 'ROW', more);
    expect(await rewrapping('jobs', other)).toEqual(other);
    expect(await admit('jobs', key)).toEqual(key);
  });
});
