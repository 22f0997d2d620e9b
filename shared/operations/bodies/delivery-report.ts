import type { FromSchema } from 'json-schema-to-ts';
import { instant } from '../../jobs/schema-members.ts';
import { CODE_PATTERN } from './code-pattern.ts';

/** Body of `POST /users/{user_id}/reminders/{reminder_id}/delivery`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Delivery report',
  description: 'What a channel says about the message of one dose.',
  type: 'object',
  additionalProperties: false,
  required: ['status', 'channel', 'at'],
  properties: {
    status: { type: 'string', enum: ['delivered', 'failed'] },
    channel: { description: 'Code of the channel: push, sms …', type: 'string', pattern: CODE_PATTERN },
    at: { description: 'When the channel knew it; never in the future.', ...instant },
    reason_code: { description: 'Why it failed.', type: 'string', pattern: CODE_PATTERN },
  },
} as const;

export type DeliveryReportBody = FromSchema<typeof schema>;
