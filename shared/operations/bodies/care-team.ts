import type { FromSchema } from 'json-schema-to-ts';
import { CARE_TEAM_SCOPES } from '../../evidence/caregiver-scopes.ts';
import { id } from '../../jobs/schema-members.ts';
import { consentTerms } from './consent-terms.ts';

/** Body of `PUT /users/{user_id}/care-team`. It replaces the whole list. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Care team',
  description: 'Which clinicians and pharmacists a user lets do what.',
  type: 'object',
  additionalProperties: false,
  required: ['care_team'],
  properties: {
    care_team: {
      description: 'Each grant stays in the list: it is revoked or ends, and is never taken out.',
      type: 'array',
      // Each new one is a row of the same transaction.
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['member_id', 'scope'],
        properties: {
          member_id: { ...id, description: 'The sub of the member’s token.' },
          scope: {
            type: 'array',
            minItems: 1,
            maxItems: CARE_TEAM_SCOPES.length,
            uniqueItems: true,
            items: { type: 'string', enum: CARE_TEAM_SCOPES },
          },
          ...consentTerms,
        },
      },
    },
  },
} as const;

export type CareTeamWishes = FromSchema<typeof schema>;
