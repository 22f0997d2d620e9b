import type { FromSchema } from 'json-schema-to-ts';
import { instant } from '../../jobs/schema-members.ts';

/** A rule’s id or `<id>@<version>` of a data set, as results carry them. */
export const RECALL_NAME_PATTERN = '^[\\w.+:@/-]{1,200}$';

const name = { type: 'string', pattern: RECALL_NAME_PATTERN } as const;

/** Body of `POST /interaction-results/recheck`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Bulk re-check',
  description: 'Which past checks are run again. At least one of rule and data_set; both together narrow it.',
  type: 'object',
  additionalProperties: false,
  properties: {
    rule: { description: 'Id of a rule that applied.', ...name },
    data_set: { description: 'The data set that was used: `<id>@<version>`.', ...name },
    from: { description: 'Checks that ended then or later; all that are kept unless given.', ...instant },
    to: { description: 'Checks that ended before; now unless given.', ...instant },
  },
} as const;

export type RecheckBody = FromSchema<typeof schema>;
