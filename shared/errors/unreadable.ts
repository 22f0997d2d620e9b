/**
 * Why one stored thing cannot be read, whenever it is tried:
 * - `form`: it is of a form that this version does not know
 * - `damaged`: it is not what was sealed there
 * - `key_missing`: the key under which it was sealed is gone
 * - `erased`: its owner's secret is gone
 * - `lost`: it stood apart for its size, and is not there any more
 */
export type UnreadableReason = 'form' | 'damaged' | 'key_missing' | 'erased' | 'lost';

const OF_SEALS: Readonly<Record<string, UnreadableReason>> = {
  not_an_envelope: 'damaged',
  not_authentic: 'damaged',
  key_missing: 'key_missing',
  secret_missing: 'erased',
};

/**
 * Told by name and code: who reads and opens is another room. `undefined`: something else failed, such as a service that
 * answers the next time.
 */
export function unreadableReason(error: unknown): UnreadableReason | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'StoredItemError') return 'form';
  if (isLost(error)) return 'lost';
  return error.name === 'FieldCipherError' && 'code' in error ? OF_SEALS[String(error.code)] : undefined;
}

/** Whether a large result is not there any more that its job names, as after a restore of less than a whole chain. */
export const isLost = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ProblemError' && 'code' in error && error.code === 'result_lost';

/** What `read` gives, or nothing when it can never be read; then `lost` is told why. */
export async function unlessUnreadable<T>(
  read: () => Promise<T>,
  lost: (reason: UnreadableReason) => void,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const reason = unreadableReason(error);
    if (reason === undefined) throw error;
    lost(reason);
    return undefined;
  }
}
