import { reviewDueAt } from '#shared/evidence/break-glass.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { BreakGlassGrant, BreakGlassStore, NewGrant } from '#shared/operations/break-glass-ports.ts';
import { NOW, random, sampleEntry, sampleJob, unique } from './sample-jobs.ts';

/** A grant of an hour that was opened now, with whatever the test needs otherwise. */
export function sampleGrant(over: Partial<BreakGlassGrant> = {}): BreakGlassGrant {
  const grantedAt = over.grantedAt ?? NOW;
  return {
    grantId: random.ulid(grantedAt),
    userRef: unique('user'),
    actorRef: unique('actor'),
    role: 'clinician',
    reasonCode: 'life_threatening',
    grantedAt,
    expiresAt: addSeconds(grantedAt, 3_600),
    reviewDueAt: reviewDueAt(grantedAt),
    revision: 1,
    ...over,
  };
}

export const SAMPLE_WORDS = {
  userId: 'patient-secret-id',
  holder: 'holder-secret-id',
  reason: 'A secret reason: found unconscious at home.',
};

export const newGrant = (grant: BreakGlassGrant, over: Partial<NewGrant> = {}): NewGrant => ({
  grant,
  words: SAMPLE_WORDS,
  audit: sampleEntry(),
  notice: sampleJob({ userRef: grant.userRef, kind: 'break-glass-notice' }),
  ...over,
});

/** Opens a grant and answers it. */
export async function opened(
  store: BreakGlassStore,
  over: Partial<BreakGlassGrant> = {},
): Promise<BreakGlassGrant> {
  const grant = sampleGrant(over);
  await store.open(newGrant(grant));
  return grant;
}

/** The same grant with a verdict of that time. */
export const judged = (grant: BreakGlassGrant, reviewedAt: string): BreakGlassGrant => ({
  ...grant,
  review: { verdict: 'justified', reviewedAt, reviewerRef: 'reviewer', role: 'auditor' },
  revision: grant.revision + 1,
});
