import type { ApiDeps, Serve } from '#functions/http/api-handler.ts';
import type { AuditLog } from '#shared/operations/ports.ts';
import type { Base } from './base.ts';
import type { FieldKeys } from './field-keys.ts';
import { refusalCounter } from './job-parts.ts';
import { onceLoaded } from './once-loaded.ts';
import { refusalRecorder } from './refusal-recorder.ts';

/** What the chain around an HTTP handler needs, with the evidence of refusals. */
export const apiDeps = (base: Base, fields: FieldKeys, audit: AuditLog, kind?: string): ApiDeps => ({
  ...base,
  ...(kind !== undefined && { kind }),
  corsOrigins: corsOriginsOf(base),
  recordRefusal: refusalRecorder({
    audit,
    counter: refusalCounter(base, fields),
    random: base.random,
    refs: fields.refs,
  }),
});

/** What the deployer said, where the function's contract lists it. */
export const corsOriginsOf = (base: Base): readonly string[] =>
  base.has('CORS_ORIGINS')
    ? base
        .variable('CORS_ORIGINS')
        .split(',')
        .filter((origin) => origin !== '')
    : [];

/**
 * A handler whose parts take calls to make (the hash key is unwrapped by KMS): they are made by the first request of an
 * environment. A bundle must not wait at its top level, and an outage must end as a clean 500, not as a dead function.
 */
export function servedBy(make: () => Promise<Serve>): Serve {
  const serve = onceLoaded(make);
  return async (event, exchange) => (await serve())(event, exchange);
}

/** The same for handlers that serve no request. */
export function runBy<Event, Result>(
  make: () => Promise<(event: Event) => Promise<Result>>,
): (event: Event) => Promise<Result> {
  const run = onceLoaded(make);
  return async (event) => (await run())(event);
}
