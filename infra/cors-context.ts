/** Each is a page that may read patients' data: nobody has so many. */
const MOST_ORIGINS = 10;

/**
 * Origins whose pages may read answers, from the context `corsOrigins`: exact, `https` only, with commas between.
 * @throws Error that says which one is wrong and why
 */
export function readOrigins(value: unknown): readonly string[] {
  if (value === undefined || value === '') return [];
  if (typeof value !== 'string') throw new Error('The context corsOrigins is not a text.');
  const origins = value.split(',').map((origin) => origin.trim());
  if (origins.length > MOST_ORIGINS)
    throw new Error(`The context corsOrigins names more than ${MOST_ORIGINS} origins.`);
  for (const [index, origin] of origins.entries()) {
    const wrong = (what: string) => new Error(`Origin ${index + 1} of the context corsOrigins ${what}`);
    if (origin.includes('*')) throw wrong('is a wildcard: name each origin.');
    if (!origin.startsWith('https://')) throw wrong('does not begin with https://.');
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw wrong('is none as browsers send it, like https://app.example.org: no path, no slash at its end.');
    if (origins.indexOf(origin) !== index) throw wrong('was named before.');
  }
  return origins;
}
