import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, expect, it, vi } from 'vitest';
import { stackOutputs } from './stack-outputs.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const refusing = (name: string, message: string) =>
  Object.assign(new CloudFormationClient({ region: 'eu-central-1' }), {
    send: async () => {
      throw Object.assign(new Error(message), { name });
    },
  });

it('says what to set when nobody has said in which region', async () => {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  await expect(stackOutputs('dev', new CloudFormationClient({}))).rejects.toThrow(
    'Say in which region the stage dev stands: set AWS_REGION, or AWS_PROFILE.',
  );
});

it.each([
  [
    'CredentialsProviderError',
    'Could not load credentials from any providers',
    'The stage dev is looked up in AWS (eu-central-1), and no credentials were found',
  ],
  [
    'ValidationError',
    'Stack with id x does not exist',
    'In eu-central-1 this account has no stage dev, or not all of it: Stack with id x does not exist',
  ],
  ['AccessDenied', 'You may not.', 'You may not.'],
])('is clear about %s', async (name, message, said) => {
  await expect(stackOutputs('dev', refusing(name, message))).rejects.toThrow(said);
});
