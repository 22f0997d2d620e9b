/**
 * Does `work`, and says what stands where it was to write when it stops on the way: half a restore looks like a whole one.
 * @param tables deployed names
 * @throws Error with the reason and what to do about the tables
 */
export async function sayingWhatStands<T>(tables: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      [
        reason,
        `NOT WHOLE: ${tables.join(' and ')} may hold a part of the backup. Let nobody read them: end it with --again, or delete what stands there.`,
      ].join('\n'),
      { cause: error },
    );
  }
}
