/**
 * Loads it on first use and keeps it for the life of the environment. Concurrent users share one load; a failure is not
 * kept, so the next use tries again.
 */
export function onceLoaded<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
