import { describe, expect, it } from 'vitest';
import type { Item } from './batch-get.ts';
import { itemHash } from './item-hash.ts';

const ITEM: Item = {
  pk: { S: 'DAY#2031-05-06' },
  count: { N: '1' },
  bytes: { B: Uint8Array.of(1, 2) },
  set: { SS: ['a', 'b'] },
  map: { M: { list: { L: [{ BOOL: true }, { NULL: true }, { BS: [Uint8Array.of(2), Uint8Array.of(1)] }] } } },
};

describe('the hash of an item', () => {
  it('is the same in whatever order it is read, and however its bytes are held', () => {
    const { pk = { S: '' }, ...rest } = ITEM;
    const again: Item = { ...rest, bytes: { B: Buffer.from([1, 2]) }, set: { SS: ['b', 'a'] }, pk };
    expect(itemHash(again)).toBe(itemHash(ITEM));
    expect(itemHash(ITEM)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Item]>([
    ['a value', { count: { N: '2' } }],
    ['a type', { count: { S: '1' } }],
    ['a byte', { bytes: { B: Uint8Array.of(1, 3) } }],
    ['a member of a set', { set: { SS: ['a', 'c'] } }],
    ['something deep inside', { map: { M: { list: { L: [{ BOOL: false }] } } } }],
    ['another attribute', { more: { S: '' } }],
  ])('is another one when %s is', (_, change) => {
    expect(itemHash({ ...ITEM, ...change })).not.toBe(itemHash(ITEM));
  });
});
