import { afterEach, expect, test, vi } from 'vitest';
import { createLog } from './log.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Lines that are written while `work` runs, on either stream. */
function linesOf(work: () => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const take = (text: unknown) => {
    lines.push(String(text));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
  work();
  vi.restoreAllMocks();
  return lines.map((line) => JSON.parse(line));
}

test('a line carries level, code and sentence of the catalogue', () => {
  const [line] = linesOf(() => createLog().warn('job.enqueue_failed', { job_id: 'job-1', aws_calls: 3 }));
  expect(line).toMatchObject({
    level: 'WARN',
    event: 'job.enqueue_failed',
    message: expect.stringContaining('the reconciler sends it again'),
    job_id: 'job-1',
    aws_calls: 3,
  });
});

test('a field that is not allowed is dropped, and so is a value that is no plain one', () => {
  const fields = { job_id: 'job-1', user_id: 'user-1', body: 'text', kind: undefined };
  // A caller without types could pass an object.
  const careless = { ...fields, reason: { medication: 'text' } } as never;
  const [line] = linesOf(() => createLog().info('job.accepted', careless));
  expect(line).toHaveProperty('job_id', 'job-1');
  for (const dropped of ['user_id', 'body', 'kind', 'reason']) expect(line).not.toHaveProperty(dropped);
});

test('fields of one line are not on the next one', () => {
  const log = createLog();
  const lines = linesOf(() => {
    log.info('job.accepted', { job_id: 'job-1' });
    log.error('request.failed');
  });
  expect(lines[1]).toMatchObject({ level: 'ERROR', event: 'request.failed' });
  expect(lines[1]).not.toHaveProperty('job_id');
});
