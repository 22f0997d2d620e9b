/** Hours that are read at the same time, with four queries each: hides the latency of an empty month's 744 hours. */
const HOURS_AT_ONCE = 2;

/** Works on a few entries at a time, each when a lane is free. */
export async function inLanes<T>(
  entries: readonly T[],
  work: (entry: T) => Promise<void>,
  lanes: number = HOURS_AT_ONCE,
): Promise<void> {
  const left = entries.values();
  const lane = async (): Promise<void> => {
    for (const entry of left) await work(entry);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
