import { IDEMPOTENCY_HOURS } from '../contract/tables.ts';
import { ProblemError } from '../errors/problem-error.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import type { FirstAnswer, IdempotencyClaim } from './ports.ts';

/** A request whose job has an id that follows from caller and content. */
export interface DerivedRequest {
  readonly subject: string;
  /** Path of the route: keys are scoped to it and to the subject. */
  readonly path: string;
  readonly idempotencyKey: string | undefined;
  /** What tells its body from another one: the id of its job, unless that goes by the key, too. */
  readonly fingerprint: string;
  readonly answer: JsonObject;
  readonly receivedAt: Instant;
}

/** Claims the key of such a request, when it has one. */
export const derivedClaim = (
  deps: Pick<Engine, 'refs'>,
  { subject, path, idempotencyKey, fingerprint, answer, receivedAt }: DerivedRequest,
): IdempotencyClaim | undefined =>
  idempotencyKey === undefined
    ? undefined
    : {
        keyRef: deps.refs.idempotencyKey(subject, path, idempotencyKey),
        fingerprint,
        expiresAt: addSeconds(receivedAt, IDEMPOTENCY_HOURS * 3600),
        answer,
      };

/**
 * What the first request with the key was answered, if it had the same body.
 * @throws ProblemError `idempotency_key_reused`
 */
export function repeatedAnswer(first: FirstAnswer, fingerprint: string): JsonObject {
  if (first.fingerprint === fingerprint) return first.answer;
  throw new ProblemError(
    'idempotency_key_reused',
    'This Idempotency-Key was used with another body within 24 hours; send a new key for a new request.',
  );
}
