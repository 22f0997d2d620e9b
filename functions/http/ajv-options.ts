import type { Options } from 'ajv';

/**
 * How bodies are validated, at build time (standalone code) and in tests (compiled on first use) alike.
 * `verbose` stays off: it would put the data that was sent into the errors.
 */
export const AJV_OPTIONS = {
  allErrors: true,
  strict: true,
  // A repeated type or a union of types would loosen a schema by accident.
  strictTypes: true,
  verbose: false,
  messages: false,
  // Fields are looked up as own properties only, so that `toString` or `constructor` is never taken for one.
  ownProperties: true,
} as const satisfies Options;
