import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { canonicalJson } from '../evidence/canonical-json.ts';
import type { Item } from './batch-get.ts';

/** SHA-256 (hex) over an item, whatever it holds: the same item has the same hash, in whatever order it is read. */
export const itemHash = (item: Item): string =>
  createHash('sha256')
    .update(canonicalJson(plainItem(item)))
    .digest('hex');

const plainItem = (item: Item): object =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));

/** Bytes as Base64; sets, which have no order, in the order of text. */
function plain({ B, BS, SS, NS, L, M, ...simple }: AttributeValue): object {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return {
    ...simple,
    ...(B && { B: text(B) }),
    ...(BS && { BS: BS.map(text).sort() }),
    ...(SS && { SS: SS.toSorted() }),
    ...(NS && { NS: NS.toSorted() }),
    ...(L && { L: L.map(plain) }),
    ...(M && { M: plainItem(M) }),
  };
}
