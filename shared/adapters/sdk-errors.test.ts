import { expect, test } from 'vitest';
import { sdkError } from '#test/contracts/scripted-aws.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import { AwsCallError, callAws } from './sdk-errors.ts';

const thrownFor = (error: unknown): Promise<unknown> =>
  callAws('DynamoDB Query', () => Promise.reject(error)).catch((thrown: unknown) => thrown);

test.each(['ThrottlingException', 'ProvisionedThroughputExceededException', 'SlowDown', 'KmsThrottled'])(
  '%s is a reason to try again: throttled',
  async (name) => {
    expect(await thrownFor(sdkError(name))).toMatchObject({
      name: 'RetryableError',
      reason: 'dependency_throttled',
    });
  },
);

test.each<[string, Error]>([
  ['an error of the service', sdkError('InternalServerError')],
  ['an unknown error with status 503', sdkError('Whatever', { $metadata: { httpStatusCode: 503 } })],
  ['an answer that came too late', Object.assign(new Error('late'), { name: 'TimeoutError' })],
  ['a refused connection', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
  ['a broken connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
])('%s is a reason to try again: unavailable', async (_, error) => {
  const thrown = await thrownFor(error);
  expect(thrown).toBeInstanceOf(RetryableError);
  expect(thrown).toMatchObject({ reason: 'dependency_unavailable' });
});

test.each(['AccessDeniedException', 'ValidationException', 'ResourceNotFoundException'])(
  '%s is a mistake of ours, told by names and without the text of the service',
  async (name) => {
    const thrown = await thrownFor(sdkError(name, { Item: { pk: { S: 'secret' } } }));
    expect(thrown).toBeInstanceOf(AwsCallError);
    expect(thrown).toMatchObject({ operation: 'DynamoDB Query', awsErrorName: name });
    expect(JSON.stringify([thrown, String(thrown)])).not.toMatch(/text of the service|secret/);
  },
);

test('an error that is none of the SDK’s leaves as it is', async () => {
  const own = new TypeError('a mistake in the code');
  expect(await thrownFor(own)).toBe(own);
});
