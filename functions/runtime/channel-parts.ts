import { createChannelState } from '#shared/adapters/channel-state.ts';
import { snsClient } from '#shared/adapters/clients.ts';
import type { ChannelState } from '#shared/operations/ports.ts';
import type { Base } from './base.ts';

/** Who is subscribed to the topic of reminders. */
export const channelState = (base: Base): ChannelState =>
  createChannelState(snsClient(base.clients), base.variable('TOPIC_ARN'));
