import type { FromSchema } from 'json-schema-to-ts';
import { id, instant } from '../../jobs/schema-members.ts';
import { PRIORITY_NAMES } from '../../lifecycle/priority.ts';
import { STATUSES } from '../../lifecycle/transitions.ts';

/** Codes of errors as jobs carry them. */
export const ERROR_CODE_PATTERN = '^[a-z][a-z0-9_]{0,63}$';

const KIND_PATTERN = '^[a-z][a-z0-9-]{0,63}$';

/** By what jobs are told apart; all that is given has to hold. */
export const JOB_FILTER = {
  kind: { description: 'Name of a job kind.', type: 'string', pattern: KIND_PATTERN },
  status: { enum: STATUSES },
  priority: { enum: PRIORITY_NAMES },
  error_code: { description: 'Why it failed.', type: 'string', pattern: ERROR_CODE_PATTERN },
  from: { description: 'Made then or later.', ...instant },
  to: { description: 'Made before.', ...instant },
} as const;

/** Body of `POST /jobs/search`: the id of a user has no place in a URL. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Jobs about one user',
  type: 'object',
  additionalProperties: false,
  required: ['user_id'],
  properties: {
    user_id: id,
    ...JOB_FILTER,
    limit: { description: '25 unless given.', type: 'integer', minimum: 1, maximum: 100 },
    cursor: {
      description: 'The next_cursor of the page before.',
      type: 'string',
      pattern: '^[\\w-]{1,2048}$',
    },
  },
} as const;

export type JobSearchBody = FromSchema<typeof schema>;
