import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { KeyStates } from '../operations/ports.ts';
import { AwsCallError, callAws } from './sdk-errors.ts';

const USABLE = 'Enabled';
const GONE = 'Deleted';

/**
 * What KMS says of each key. CloudTrail would tell of a deletion when it is ordered, and who ordered it; but only where the
 * account keeps a trail, and KMS's own event comes when the key is gone.
 * @param keys ARN by the name under which people know the key
 */
export const createKeyStates = (client: KMSClient, keys: ReadonlyMap<string, string>): KeyStates => ({
  unusable: async () => {
    const all = await Promise.all(
      [...keys].map(async ([name, arn]) => ({ name, state: await stateOf(client, arn) })),
    );
    return all.filter(({ state }) => state !== USABLE);
  },
});

async function stateOf(client: KMSClient, KeyId: string): Promise<string> {
  try {
    const { KeyMetadata } = await callAws('KMS DescribeKey', () =>
      client.send(new DescribeKeyCommand({ KeyId })),
    );
    const state = KeyMetadata?.KeyState;
    if (state === undefined) throw new Error('KMS does not say in which state a key is.');
    return state;
  } catch (error) {
    if (error instanceof AwsCallError && error.awsErrorName === 'NotFoundException') return GONE;
    throw error;
  }
}

/** Reads `name=ARN,name=ARN`. @throws Error for anything else, or none at all: no key would ever be found unusable. */
export function readKeys(text: string): ReadonlyMap<string, string> {
  const keys = text.split(',').map((one): [string, string] => {
    const [, name = '', arn = ''] = /^(\w+)=(\S+)$/.exec(one) ?? [];
    if (name === '') throw new Error('KEYS is no list of names and ARNs.');
    return [name, arn];
  });
  return new Map(keys);
}
