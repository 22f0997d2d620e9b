import type { Exchange } from '#functions/http/exchange.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import {
  type ComplianceCheck,
  type ComplianceProbes,
  failedChecks,
  verifyCompliance as runChecks,
} from '#shared/evidence/compliance-checks.ts';
import type { SubmitInput } from './validate-input.ts';

/**
 * Step 4: the HIPAA checks. It fails closed: one failed check refuses the request.
 * @throws ProblemError `compliance_check_failed`
 */
export async function verifyCompliance(
  probes: ComplianceProbes,
  caller: Caller,
  input: SubmitInput,
  exchange: Exchange,
): Promise<readonly ComplianceCheck[]> {
  exchange.step = 'verifyCompliance';
  const checks = await runChecks(probes, {
    caller,
    userId: input.opened.userId,
    grant: { role: exchange.role, userId: exchange.userId, breakGlass: caller.breakGlass },
    storesOutside: 'storage_config' in input.payload,
  });
  const failed = failedChecks(checks);
  if (failed.length > 0) {
    exchange.reason = failed.join(' ');
    throw new ProblemError(
      'compliance_check_failed',
      'A check that protects health data did not pass, so nothing was accepted. Try again later.',
    );
  }
  return checks;
}
