import type { Caller } from '#shared/evidence/caller.ts';
import {
  type ComplianceCheck,
  type ComplianceProbes,
  failedChecks,
  verifyCompliance,
} from '#shared/evidence/compliance-checks.ts';
import { checksFailed } from './demand-probes.ts';
import type { Exchange } from './exchange.ts';

/**
 * The HIPAA step of a request that makes no job of a kind's endpoint, with the outcome of every check for its evidence.
 * @param userId the patient, when it is about a single one
 * @throws ProblemError `compliance_check_failed`
 */
export async function demandCompliance(
  probes: ComplianceProbes,
  caller: Caller,
  exchange: Exchange,
  userId?: string,
): Promise<readonly ComplianceCheck[]> {
  exchange.step = 'verifyCompliance';
  const checks = await verifyCompliance(probes, {
    caller,
    userId,
    grant: { role: exchange.role, userId: exchange.userId },
    forwardedBy: exchange.forwardedBy ?? [],
    parts: [],
  });
  const failed = failedChecks(checks);
  if (failed.length > 0) throw checksFailed(failed, exchange);
  return checks;
}
