import { afterEach, expect, test, vi } from 'vitest';
import { defaultProvider } from './environment-credentials.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('gives what Lambda has set, with the session token when there is one', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  await expect(defaultProvider()()).resolves.toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  await expect(defaultProvider()()).resolves.toEqual({
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  });
});

test('says so when there are none', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  await expect(defaultProvider()()).rejects.toThrow('The environment holds no AWS credentials.');
});
