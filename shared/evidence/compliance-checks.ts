import type { RouteName } from '../contract/routes.ts';
import type { Role } from '../lifecycle/role.ts';
import type { Caller } from './caller.ts';
import {
  arrivedEncrypted,
  isKeptByClass,
  mayCarryHealthData,
  namesEveryMember,
  type RetentionClasses,
} from './check-judgements.ts';
import { policyVersion } from './policy-version.ts';
import { PURPOSES_OF_ROLE, purposeOf } from './purpose-of-use.ts';

/** The checks of the HIPAA step, with the clause of 45 CFR 164 that each serves. */
const CONTROLS = {
  transport: '164.312(e)(1)',
  token: '164.312(d)',
  role: '164.312(a)(1)',
  relationship: '164.312(a)(1)',
  purpose: '164.506(c)',
  minimum_necessary: '164.502(b)',
  encryption_key: '164.312(a)(2)(iv)',
  storage_target: '164.312(c)(1)',
  audit_durable: '164.312(b)',
  retention: '164.316(b)(2)(i)',
  outbound_channel: '164.312(e)(2)(ii)',
  redaction: '164.514(b)',
} as const;

type CheckName = keyof typeof CONTROLS;

/** The step of the request, or the probe, that shows what is verified. */
const SEEN_IN = {
  token: 'authenticate',
  role: 'authorize',
  relationship: 'authorize',
  purpose: 'authenticate',
  // A body with members that its schema does not name never gets further.
  minimum_necessary: 'validateInput',
  encryption_key: 'probe',
  redaction: 'probe',
} as const satisfies { readonly [N in CheckName]?: string };

/**
 * Routes that store something of patients or set work going, and accept no job by all twelve checks: what authorizes them
 * makes those about the caller, these are probed besides. What only stops or ends something is not held up by a key, nor
 * is an answer to an outage: cancelling, stopping a medication, revoking, verdicts, pausing and resuming.
 */
const PROBED_ROUTES: readonly RouteName[] = [
  'startBulkAction',
  'retryJob',
  'releaseFindings',
  'acknowledgeReminder',
  'reportDelivery',
  'putPreferences',
  'putCareTeam',
  'putMedication',
  'requestErasure',
  'decideErasure',
];

export const isProbed = (route: RouteName): boolean => PROBED_ROUTES.includes(route);

/** Test that proves what configuration enforces: its file, and its name there. */
export const ENFORCED_BY = {
  transport: 'infra/web-acl.test.ts: clients speak TLS 1.2 or newer',
  storage_target:
    'infra/functions.test.ts: a worker publishes or archives only where a kind of its priority does',
  audit_durable:
    'infra/functions.test.ts: nobody may change or delete an audit entry, or read one without need',
  retention:
    'infra/removal.test.ts: a failed first deployment leaves nothing in the way of the next, a deleted stage keeps its data',
  outbound_channel:
    'infra/stores.test.ts: topics and bus are encrypted with the stage’s own key, topics refuse plain connections',
} as const satisfies { readonly [N in CheckName]?: string };

/** One named check of the HIPAA step, with how it was established. */
export interface ComplianceCheck {
  readonly name: CheckName;
  readonly control: string;
  /** `verified`: in this request; `enforced`: by configuration, proved by a test of the templates. */
  readonly outcome: 'verified' | 'enforced' | 'not_applicable' | 'failed';
  /** The step of the request, the probe, or the test that shows it. */
  readonly evidence: string;
}

/** What the HIPAA step asks of the world. Each probe throws or answers false when it cannot be shown to hold. */
export interface ComplianceProbes {
  /** The field encryption's key can be used now and is the one in use here (verdict at most 60 s old). */
  encryptionKeyUsable(): Promise<boolean>;
  /** The log lets no planted identifier through (asked once per environment). */
  redactionHolds(): Promise<boolean>;
}

export interface ComplianceSubject {
  readonly caller: Caller;
  /** The patient whose data the request carries. */
  readonly userId: string | undefined;
  /** What the authorization of this request has granted: in which role, and about whom. */
  readonly grant: {
    readonly role: Role | undefined;
    readonly userId: string | undefined;
    /** Id of the emergency access by which it was granted. */
    readonly breakGlass?: string | undefined;
  };
  /** By which protocols those say that the request came who handed it on. */
  readonly forwardedBy: readonly string[];
  /** What was sent, with the schema that it has passed; absent where it is judged line by line. */
  readonly body?: { readonly schema: object; readonly value: unknown };
  /** Where the request wants data stored; absent: it names no place. */
  readonly target?: 'inside' | 'elsewhere';
  /** What the work uses beyond tables and queues. */
  readonly parts: readonly string[];
  /** Days by class of retention; the product's own unless given. */
  readonly retention?: RetentionClasses;
}

/** The checks that ask the world. A probe that cannot answer counts as failed. */
export async function verifyProbes(
  probes: ComplianceProbes,
): Promise<readonly [ComplianceCheck, ComplianceCheck]> {
  const [key, redaction] = await Promise.all([
    probes.encryptionKeyUsable().catch(() => false),
    probes.redactionHolds().catch(() => false),
  ]);
  return [seen('encryption_key', key), seen('redaction', redaction)];
}

/**
 * Step 4: the HIPAA checks of a request that has passed schema, token and role. Answers every check with its outcome;
 * the caller refuses the request when one has failed. A probe that cannot answer counts as failed: it fails closed.
 */
export async function verifyCompliance(
  probes: ComplianceProbes,
  subject: ComplianceSubject,
): Promise<readonly ComplianceCheck[]> {
  const [key, redaction] = await verifyProbes(probes);
  const { caller, userId, grant, body, target } = subject;
  const isAboutPatient = userId !== undefined;
  return [
    enforced('transport', arrivedEncrypted(subject.forwardedBy)),
    seen('token', caller.subject.length > 0),
    seen('role', grant.role !== undefined && caller.roles.includes(grant.role)),
    isAboutPatient
      ? seen('relationship', isGrantedFor(userId, subject), relationshipEvidence(grant))
      : notApplicable('relationship'),
    seen('purpose', grant.role !== undefined && mayHavePurpose(caller, grant.role)),
    seen('minimum_necessary', body === undefined || namesEveryMember(body.schema, body.value)),
    key,
    target === undefined ? notApplicable('storage_target') : enforced('storage_target', target === 'inside'),
    // The accepting transaction holds the audit entry: without it nothing is accepted. No earlier look could promise that.
    enforced('audit_durable'),
    enforced('retention', isKeptByClass(isAboutPatient, subject.retention)),
    isAboutPatient
      ? enforced('outbound_channel', mayCarryHealthData(subject.parts))
      : notApplicable('outbound_channel'),
    redaction,
  ];
}

export const failedChecks = (checks: readonly ComplianceCheck[]): readonly string[] =>
  checks.filter((one) => one.outcome === 'failed').map((one) => one.name);

/**
 * The checks as the audit entry keeps them, with the access table that was in force: codes only; clause and evidence
 * follow from name and outcome.
 */
export const recordedChecks = (checks: readonly ComplianceCheck[]) => ({
  checks: checks.map(({ name, outcome }) => `${name}=${outcome}`).join(' '),
  policy_version: policyVersion(),
});

/** A check as an audit entry tells of it. One that this version does not know has no clause and no evidence. */
export type RecalledCheck = { readonly name: string; readonly outcome: string } & Partial<
  Pick<ComplianceCheck, 'control' | 'evidence'>
>;

/** The checks that stand in an audit entry, with what follows from their names. */
export const recalledChecks = (recorded: string): readonly RecalledCheck[] =>
  recorded
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const [name = '', outcome = ''] = one.split('=');
      if (!isCheck(name)) return { name, outcome };
      const evidence = evidenceOf(name, outcome);
      return { name, control: CONTROLS[name], outcome, ...(evidence !== undefined && { evidence }) };
    });

const isCheck = (name: string): name is CheckName => Object.hasOwn(CONTROLS, name);

function evidenceOf(name: CheckName, outcome: string): string | undefined {
  const by: { readonly [N in CheckName]?: string } = outcome === 'enforced' ? ENFORCED_BY : SEEN_IN;
  return outcome === 'not_applicable' ? undefined : by[name];
}

/** The grant was given for this patient, and whoever acts as patient is that patient. */
const isGrantedFor = (userId: string, { grant, caller }: ComplianceSubject): boolean =>
  grant.userId === userId && (grant.role !== 'patient' || caller.subject === userId);

/** A request may stand on emergency access: then its grant is the evidence. */
export const relationshipEvidence = ({ breakGlass }: { readonly breakGlass?: string | undefined }): string =>
  breakGlass === undefined ? SEEN_IN.relationship : `break_glass: ${breakGlass}`;

function mayHavePurpose(caller: Caller, role: Role): boolean {
  const { code } = purposeOf(caller, role);
  return PURPOSES_OF_ROLE[role].some((one) => one === code);
}

const check = (name: CheckName, outcome: ComplianceCheck['outcome'], evidence: string): ComplianceCheck => ({
  name,
  control: CONTROLS[name],
  outcome,
  evidence,
});

const seen = (
  name: keyof typeof SEEN_IN,
  holds: boolean,
  evidence: string = SEEN_IN[name],
): ComplianceCheck => check(name, holds ? 'verified' : 'failed', evidence);

/** By configuration, and nothing that this request shows speaks against it. */
const enforced = (name: keyof typeof ENFORCED_BY, holds = true): ComplianceCheck =>
  check(name, holds ? 'enforced' : 'failed', ENFORCED_BY[name]);

const notApplicable = (name: CheckName): ComplianceCheck => check(name, 'not_applicable', '');
