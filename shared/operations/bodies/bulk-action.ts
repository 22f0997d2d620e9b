import type { FromSchema } from 'json-schema-to-ts';
import { JOB_FILTER } from './job-search.ts';

/** Jobs a second that one bulk action changes at most. */
export const MOST_PER_SECOND = 20;

/** Body of `POST /bulk-actions`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Bulk action',
  description: 'Retries or cancels all jobs that a filter names and that were made before it.',
  type: 'object',
  additionalProperties: false,
  required: ['action', 'filter', 'dry_run'],
  properties: {
    action: { enum: ['retry', 'cancel'] },
    filter: {
      description:
        'All that is given has to hold. At least one member: nothing is done to every job there is.',
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: JOB_FILTER,
    },
    dry_run: { description: 'Only counts what it would change.', type: 'boolean' },
    rate_per_second: {
      description:
        '5 unless given. So many times sixty jobs are changed in each minute, and the work of retried ones is spread evenly over it. Jobs among many that the filter does not name come more slowly: 3,000 rows are looked at in a minute.',
      type: 'integer',
      minimum: 1,
      maximum: MOST_PER_SECOND,
    },
    confirm: {
      description: 'Required to cancel where jobs of the priority CRITICAL may be among them.',
      const: 'CRITICAL',
    },
  },
} as const;

export type BulkActionBody = FromSchema<typeof schema>;
