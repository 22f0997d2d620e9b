/**
 * For answers that are made before any function runs and can name one fixed origin only: the deployer's, or any when there
 * are several. They are constant texts that tell nothing of anybody, and no page gets further with them: preflights, and
 * with them every request that carries a token, are answered by functions, which know the origins. None: not a word.
 */
export const staticCors = (origins: readonly string[]): Readonly<Record<string, string>> => {
  const [first, ...others] = origins;
  if (first === undefined) return {};
  return {
    'access-control-allow-origin': others.length === 0 ? first : '*',
    'access-control-expose-headers': 'retry-after, x-correlation-id',
  };
};
