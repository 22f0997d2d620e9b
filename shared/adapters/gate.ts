/** Runs works, so many at a time; the others begin in their order, each when one before it has ended. */
export type Gate = <V>(work: () => Promise<V>) => Promise<V>;

export function createGate(width: number): Gate {
  let free = width;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
