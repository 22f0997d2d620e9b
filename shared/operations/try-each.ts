/**
 * Does `work` for one item after the other; one that fails holds up none of the others.
 * @throws the first failure, after every item was tried
 */
export async function tryEach<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  let failed: { readonly error: unknown } | undefined;
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failed ??= { error };
    }
  }
  if (failed) throw failed.error;
}
