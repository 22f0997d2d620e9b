/**
 * Results that are too large for an item are objects of a bucket of their own. In a backup the bucket is one more table,
 * whose items are its objects: so they are listed, signed, checked and replayed as everything else is.
 */
export const RESULTS_TABLE = 'results';

const SORT = 'OBJECT';

type Json = Readonly<Record<string, unknown>>;

/** One of the objects as an item. What is in it was sealed with the secret of its owner. */
export const itemOfObject = (key: string, bytes: Uint8Array) => ({
  pk: { S: key },
  sk: { S: SORT },
  body: { B: Buffer.from(bytes).toString('base64') },
});

/**
 * The object that a line of a data file tells of, without `bytes` when it is not there any more.
 * @throws Error when it tells of none
 */
export function objectOfState({ keys, image }: { readonly keys: Json; readonly image?: Json }): {
  readonly key: string;
  readonly bytes?: Uint8Array;
} {
  const key: unknown = Object(keys['pk']).S;
  const body: unknown = Object(image?.['body']).B;
  if (typeof key !== 'string' || (image && typeof body !== 'string'))
    throw new Error('A line of a data file tells of no result.');
  return { key, ...(typeof body === 'string' && { bytes: Buffer.from(body, 'base64') }) };
}
