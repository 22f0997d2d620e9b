import { expect, it } from 'vitest';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { lambdaContext } from '#test/builders/api-event.ts';
import { runHandler } from './run-handler.ts';

it('answers what the run answers, with one log line and the metrics written out', async () => {
  const { deps, log, flushes } = recordingApiDeps();
  let calls = 5;
  const handler = runHandler({ ...deps, awsCalls: () => calls }, async (event: string) => {
    calls += 3;
    return event.length;
  });
  expect(await handler('four', lambdaContext())).toBe(4);
  expect(log.all).toMatchObject([{ level: 'info', event: 'run.ended', fields: { aws_calls: 3 } }]);
  expect(flushes()).toBe(1);
});

it('logs what was thrown and throws it on, so that Lambda repeats the event', async () => {
  const { deps, log, flushes } = recordingApiDeps();
  const error = new RangeError('of user-1');
  const handler = runHandler(deps, () => Promise.reject(error));
  await expect(handler({}, lambdaContext())).rejects.toBe(error);
  expect(log.all).toMatchObject([
    { level: 'error', event: 'run.failed', fields: { error_name: 'RangeError' } },
  ]);
  expect(JSON.stringify(log.all)).not.toContain('user-1');
  expect(flushes()).toBe(1);
});

it('keeps nothing back of the time', async () => {
  const { deps } = recordingApiDeps();
  const handler = runHandler(deps, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return 'whole';
  });
  expect(await handler({}, lambdaContext(1))).toBe('whole');
});
