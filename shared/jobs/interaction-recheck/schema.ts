import type { FromSchema } from 'json-schema-to-ts';
import { ownInstant, text } from '../schema-members.ts';

/** Payload of an `interaction-recheck`: which results, and where its part of them begins. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Interaction re-check',
  description: 'Has past interaction checks run again with the reference data of today.',
  type: 'object',
  additionalProperties: false,
  required: ['to'],
  properties: {
    rule: { description: 'Checks to which this rule applied.', ...text(200) },
    data_set: { description: 'Checks that were made with this data set: `<id>@<version>`.', ...text(200) },
    from: { description: 'Checks that ended then or later.', ...ownInstant },
    to: { description: 'Checks that ended before.', ...ownInstant },
    after: { description: 'Behind which result this part begins.', ...text(400) },
  },
} as const;

export type InteractionRecheck = FromSchema<typeof schema>;
