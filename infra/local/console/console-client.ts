import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { laptopClientConfig } from '../laptop-clients.ts';

/**
 * Lists dashboards: the times in that one answer of the emulator have a form that the SDK's default protocol refuses.
 * Everything else is read by the default one, which keeps more of the other answers.
 */
export const listingClient = (endpointUrl: string): CloudWatchClient =>
  new CloudWatchClient({ ...laptopClientConfig(endpointUrl), protocol: AwsQueryProtocol });
