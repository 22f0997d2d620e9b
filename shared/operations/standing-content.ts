import { isErased } from '../errors/attempt-error.ts';

/** Nothing when its user was erased: then nobody can open it any more. */
export const unlessErased = <T>(read: () => Promise<T | undefined>): Promise<T | undefined> =>
  unless(isErased, read);

/** Nothing when it has gone: its time is over, or its user was erased. */
export const standing = <T>(read: () => Promise<T | undefined>): Promise<T | undefined> =>
  unless((error) => isErased(error) || (error instanceof Error && error.name === 'StoredItemError'), read);

async function unless<T>(
  isGone: (error: unknown) => boolean,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
