/** What a caregiver was allowed, since when and until when. Instants are ISO 8601 in UTC with milliseconds. */
export interface Consent {
  readonly caregiverId: string;
  readonly scopes: readonly string[];
  readonly consentedAt: string;
  readonly start: string;
  readonly end?: string;
  readonly revokedAt?: string;
}

/** The scope of those whom an unanswered dose is told to. */
export const ESCALATION_SCOPE = 'receive_escalations';

/** The caregivers whose consent gives them that scope at that moment, each once. */
export const caregiversAt = (consents: readonly Consent[], scope: string, now: string): readonly string[] => [
  ...new Set(
    consents.filter((one) => one.scopes.includes(scope) && holds(one, now)).map((one) => one.caregiverId),
  ),
];

const holds = ({ consentedAt, start, end, revokedAt }: Consent, now: string): boolean =>
  consentedAt <= now && start <= now && (end === undefined || now < end) && revokedAt === undefined;
