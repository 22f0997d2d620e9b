import { ProblemError } from '#shared/errors/problem-error.ts';
import {
  type ComplianceProbes,
  failedChecks,
  isProbed,
  verifyProbes,
} from '#shared/evidence/compliance-checks.ts';
import type { ApiEvent } from './api-event.ts';
import type { Exchange } from './exchange.ts';
import { routeNameOf } from './route-name.ts';

/**
 * The part of the HIPAA step that no other step of a route makes which accepts no job: a key that is still remembered here
 * must not take in what it may no longer seal. Of routes that are not probed nothing is asked.
 * @throws ProblemError `compliance_check_failed`
 */
export async function demandProbes(
  probes: ComplianceProbes,
  event: ApiEvent,
  exchange: Exchange,
): Promise<void> {
  const route = routeNameOf(event);
  if (route === undefined || !isProbed(route)) return;
  exchange.step = 'verifyCompliance';
  const failed = failedChecks(await verifyProbes(probes));
  if (failed.length > 0) throw checksFailed(failed, exchange);
}

/** The refusal; which checks failed is for the log and the audit trail alone. */
export function checksFailed(failed: readonly string[], exchange: Exchange): ProblemError {
  exchange.reason = failed.join(' ');
  return new ProblemError(
    'compliance_check_failed',
    'A check that protects health data did not pass, so nothing was accepted. Try again later.',
  );
}
