import { instant } from '../../jobs/schema-members.ts';

/** Since when and until when a consent holds, in grants of caregivers and of a care team. */
export const consentTerms = {
  consented_at: { description: 'When the user consented; there is no scope without it.', ...instant },
  start: { description: 'From when it holds; from the consent on unless given.', ...instant },
  end: { description: 'From when it no longer holds.', ...instant },
  revoked_at: { description: 'Final: a new consent is a new grant.', ...instant },
} as const;
