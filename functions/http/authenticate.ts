import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { ApiEvent } from './api-event.ts';
import { withDeclaredUse } from './declared-use.ts';
import type { Exchange } from './exchange.ts';
import { distinctValues } from './sole-header.ts';
import type { Verification, VerifyToken } from './token-verifier.ts';

/** What a function needs to know its callers. */
export interface CallerDeps {
  readonly verifyToken: VerifyToken;
  /** The deployer's word: every request has to say what it is for. */
  readonly isPurposeRequired?: boolean;
}

/**
 * Step 2: who calls. The caller is noted on the exchange; why a token was refused stays in the logs.
 * @throws ProblemError `unauthorized`, and what `withDeclaredUse` throws
 */
export async function authenticate(deps: CallerDeps, event: ApiEvent, exchange: Exchange): Promise<Caller> {
  exchange.step = 'authenticate';
  const verification = await verifySoleToken(deps, event);
  if (!verification.ok) {
    exchange.reason = verification.fault;
    throw new ProblemError(
      'unauthorized',
      'Send one valid access token as "Authorization: Bearer <token>".',
      {
        headers: { 'www-authenticate': 'Bearer' },
      },
    );
  }
  exchange.caller = verification.caller;
  const caller = withDeclaredUse(event, verification.caller, deps.isPurposeRequired, (lacking) => {
    exchange.reason = lacking;
  });
  exchange.caller = caller;
  return caller;
}

/** Of several tokens none is looked at: a proxy before us may have checked another one than we would. */
export async function verifySoleToken(
  { verifyToken }: Pick<CallerDeps, 'verifyToken'>,
  event: ApiEvent,
): Promise<Verification> {
  const [authorization, ...others] = distinctValues(event, 'Authorization');
  return others.length > 0 ? { ok: false, fault: 'several_tokens' } : verifyToken(authorization);
}
