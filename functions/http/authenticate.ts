import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { ApiEvent } from './api-event.ts';
import { withDeclaredUse } from './declared-use.ts';
import type { Exchange } from './exchange.ts';
import { soleHeader } from './sole-header.ts';
import type { VerifyToken } from './token-verifier.ts';

/**
 * Step 2: who calls. The caller is noted on the exchange; why a token was refused stays in the logs.
 * @throws ProblemError `unauthorized`, `invalid_input` when there are several tokens, and what `withDeclaredUse` throws
 */
export async function authenticate(
  deps: { readonly verifyToken: VerifyToken },
  event: ApiEvent,
  exchange: Exchange,
): Promise<Caller> {
  exchange.step = 'authenticate';
  const verification = await deps.verifyToken(soleHeader(event, 'Authorization'));
  if (!verification.ok) {
    exchange.reason = verification.fault;
    throw new ProblemError('unauthorized', 'Send a valid access token as "Authorization: Bearer <token>".', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  exchange.caller = verification.caller;
  const caller = withDeclaredUse(event, verification.caller);
  exchange.caller = caller;
  return caller;
}
