/**
 * A small least-recently-used cache of promises whose entries end after a fixed time, used or not. Concurrent callers
 * share one load; a failed load is not kept.
 */
export interface ExpiringCache<V> {
  get(key: string, load: () => Promise<V>): Promise<V>;
  has(key: string): boolean;
}

/** @param ageMs a millisecond counter; the wall clock by default, because a frozen Lambda's other counters stand still */
export function createExpiringCache<V>(
  entries: number,
  keepMs: number,
  ageMs: () => number = Date.now,
): ExpiringCache<V> {
  const cache = new Map<string, { readonly value: Promise<V>; readonly until: number }>();

  const fresh = (key: string) => {
    const entry = cache.get(key);
    if (entry && entry.until > ageMs()) return entry;
    cache.delete(key);
    return undefined;
  };

  return {
    has: (key) => fresh(key) !== undefined,
    get: (key, load) => {
      const entry = fresh(key) ?? { value: load(), until: ageMs() + keepMs };
      // Put back at the end: a Map keeps insertion order, so the first key is the least recently used one.
      cache.delete(key);
      cache.set(key, entry);
      const oldest = cache.keys().next();
      if (cache.size > entries && !oldest.done) cache.delete(oldest.value);
      entry.value.catch(() => {
        if (cache.get(key) === entry) cache.delete(key);
      });
      return entry.value;
    },
  };
}
