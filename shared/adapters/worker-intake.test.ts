import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { createWorkerIntake } from './worker-intake.ts';

const mappingIds = { CRITICAL: 'c', HIGH: 'h', MEDIUM: 'm', LOW: 'l' };

/** A Lambda that answers every request like this. */
function intakeOver(statusCode: number, body: object, headers: Record<string, string> = {}) {
  const asked: { method: string; path: string; body: string }[] = [];
  const client = new LambdaClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { method: string; path: string; body?: Uint8Array }) => {
        asked.push({
          method: request.method,
          path: request.path,
          body: Buffer.from(request.body ?? []).toString(),
        });
        const text = new Blob([JSON.stringify(body)]).stream();
        return {
          response: { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: text },
        };
      },
    },
  });
  return { asked, intake: createWorkerIntake({ client, mappingIds }) };
}

const refused = (name: string, statusCode: number) =>
  intakeOver(statusCode, { Type: 'User', message: 'no' }, { 'x-amzn-errortype': name }).intake;

describe('the intake of workers over Lambda', () => {
  it('switches the mapping of its priority, and nothing else about it', async () => {
    const { asked, intake } = intakeOver(202, { State: 'Disabling' });
    expect(await intake.turn('MEDIUM', 'closed')).toBe(true);
    expect(await intake.turn('LOW', 'open')).toBe(true);
    expect(asked).toEqual([
      { method: 'PUT', path: '/2015-03-31/event-source-mappings/m', body: '{"Enabled":false}' },
      { method: 'PUT', path: '/2015-03-31/event-source-mappings/l', body: '{"Enabled":true}' },
    ]);
  });

  it.each([
    ['Enabled', 'open'],
    ['Disabled', 'closed'],
    ['Enabling', 'changing'],
    ['Disabling', 'changing'],
    ['Updating', 'changing'],
    ['Creating', 'changing'],
  ])('takes %s for %s', async (State, expected) => {
    expect(await intakeOver(200, { State }).intake.state('HIGH')).toBe(expected);
  });

  it('is not turned while Lambda is changing it, which is no error', async () => {
    expect(await refused('ResourceInUseException', 400).turn('HIGH', 'open')).toBe(false);
    expect(await refused('ResourceConflictException', 409).turn('HIGH', 'open')).toBe(false);
  });

  it('says which call was refused, and which may be repeated', async () => {
    await expect(refused('AccessDeniedException', 403).turn('HIGH', 'open')).rejects.toThrow(
      'Lambda UpdateEventSourceMapping was refused: AccessDeniedException',
    );
    await expect(refused('TooManyRequestsException', 429).state('HIGH')).rejects.toMatchObject({
      name: 'RetryableError',
      reason: 'dependency_throttled',
    });
  });
});
