/** What a terminal and a scheduler send to end a process. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Does `work`, and tidies up after it, also when a person interrupts it: what it has made would stand there for nobody.
 * @param leftovers told when tidying up fails after an interruption
 */
export async function tidied<T>(
  work: () => Promise<T>,
  tidyUp: () => Promise<void>,
  leftovers: string,
): Promise<T> {
  const interrupted = (): void => {
    // Twice: the work, which goes on meanwhile, may just have made something more.
    tidyUp()
      .then(tidyUp)
      .catch(() => console.error(`${leftovers} may still stand: delete them.`))
      .finally(() => process.exit(130));
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    await tidyUp();
  }
}
