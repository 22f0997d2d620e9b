import type { Caller } from './caller.ts';

/** One named check of the HIPAA step, with the clause that it serves and how it was established. */
export interface ComplianceCheck {
  readonly name: string;
  /** Clause of 45 CFR 164 that the check serves. */
  readonly control: string;
  /** `verified`: in this request; `enforced`: by configuration, proved by a template test; `not_applicable`. */
  readonly outcome: 'verified' | 'enforced' | 'not_applicable' | 'failed';
}

/** What the HIPAA step asks of the world. Each probe throws or answers false when it cannot be shown to hold. */
export interface ComplianceProbes {
  /** The key of the field encryption can be used now (verdict at most 60 s old). */
  encryptionKeyUsable(): Promise<boolean>;
}

export interface ComplianceSubject {
  readonly caller: Caller;
  /** The patient whose data the request carries. */
  readonly userId: string | undefined;
  /** Destination of a backup, already held against the allowed bucket by the kind's own rules. */
  readonly storesOutside: boolean;
}

/**
 * Step 4: the HIPAA checks of a request that has passed schema, token and role. Answers every check with its outcome;
 * the caller refuses the request when one has failed. A probe that cannot answer counts as failed: it fails closed.
 */
export async function verifyCompliance(
  probes: ComplianceProbes,
  subject: ComplianceSubject,
): Promise<readonly ComplianceCheck[]> {
  const key = await probes.encryptionKeyUsable().catch(() => false);
  const identified = subject.caller.subject.length > 0 && subject.caller.roles.length > 0;
  return [
    check('transport', '164.312(e)(1)', 'enforced'),
    check('unique_user', '164.312(a)(2)(i)', identified ? 'verified' : 'failed'),
    check('access_role', '164.312(a)(1)', 'verified'),
    check('minimum_necessary', '164.502(b)', 'verified'),
    check('encryption_key', '164.312(a)(2)(iv)', key ? 'verified' : 'failed'),
    check('storage_target', '164.312(c)(1)', subject.storesOutside ? 'verified' : 'not_applicable'),
    // The accepting transaction holds the audit entry: without it nothing is accepted.
    check('audit_durable', '164.312(b)', 'enforced'),
    check('subject_named', '164.312(d)', subject.userId === undefined ? 'not_applicable' : 'verified'),
  ];
}

export const failedChecks = (checks: readonly ComplianceCheck[]): readonly string[] =>
  checks.filter((one) => one.outcome === 'failed').map((one) => one.name);

const check = (name: string, control: string, outcome: ComplianceCheck['outcome']): ComplianceCheck => ({
  name,
  control,
  outcome,
});
