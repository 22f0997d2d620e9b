import canonicalize from 'canonicalize';

/** RFC 8785: the one text of a JSON value, whatever the order in which its members were written. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('The value has no canonical JSON form.');
  return text;
}
