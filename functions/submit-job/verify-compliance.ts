import { checksFailed } from '#functions/http/demand-probes.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { RetentionClasses } from '#shared/evidence/check-judgements.ts';
import {
  type ComplianceCheck,
  type ComplianceProbes,
  failedChecks,
  verifyCompliance as runChecks,
} from '#shared/evidence/compliance-checks.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import type { SubmitInput } from './validate-input.ts';

export interface StepDeps {
  readonly kind: JobKind;
  readonly probes: ComplianceProbes;
  /** Days by class of retention; the product's own unless given. */
  readonly retention?: RetentionClasses;
}

/**
 * Step 4: the HIPAA checks. It fails closed: one failed check refuses the request.
 * @throws ProblemError `compliance_check_failed`; `invalid_input` when only the place is wrong where data are to be stored,
 *   because whoever named it can name another
 */
export async function verifyCompliance(
  { kind, probes, retention }: StepDeps,
  caller: Caller,
  input: SubmitInput,
  exchange: Exchange,
): Promise<readonly ComplianceCheck[]> {
  exchange.step = 'verifyCompliance';
  const { storage } = input.opened;
  const checks = await runChecks(probes, {
    caller,
    userId: input.opened.userId,
    grant: { role: exchange.role, userId: exchange.userId, breakGlass: caller.breakGlass },
    forwardedBy: exchange.forwardedBy ?? [],
    body: { schema: kind.schema, value: input.payload },
    ...(storage && { target: storage.length === 0 ? 'inside' : 'elsewhere' }),
    parts: kind.uses ?? [],
    ...(retention && { retention }),
  });
  const failed = failedChecks(checks);
  if (failed.length === 0) return checks;
  const refusal = checksFailed(failed, exchange);
  if (storage === undefined || failed.join() !== 'storage_target') throw refusal;
  throw new ProblemError('invalid_input', 'The request cannot be carried out as it is; see problems.', {
    problems: storage,
  });
}
