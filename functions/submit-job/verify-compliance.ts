import { checksFailed } from '#functions/http/demand-probes.ts';
import type { Exchange } from '#functions/http/exchange.ts';
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
  if (failed.length > 0) throw checksFailed(failed, exchange);
  return checks;
}
