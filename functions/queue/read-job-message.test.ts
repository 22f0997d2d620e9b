import { expect, it } from 'vitest';
import { readJobMessage } from './read-job-message.ts';

const message = {
  v: 1,
  jobId: '01JZZZZZZZZZZZZZZZZZZZZZZZ',
  kind: 'refill-check',
  priority: 'MEDIUM',
  generation: 1,
};

it('reads a message and leaves out what does not belong to it', () => {
  expect(readJobMessage(JSON.stringify({ ...message, extra: 'x' }))).toEqual(message);
});

it.each([
  ['no JSON', '{'],
  ['no object', '"text"'],
  ['null', 'null'],
  ['another version', JSON.stringify({ ...message, v: 3 })],
  ['an id of another shape', JSON.stringify({ ...message, jobId: 'x' })],
  ['a kind of another shape', JSON.stringify({ ...message, kind: 'Refill Check' })],
  ['an inherited word as priority', JSON.stringify({ ...message, priority: 'toString' })],
  ['no whole generation', JSON.stringify({ ...message, generation: 1.5 })],
  ['generation 0', JSON.stringify({ ...message, generation: 0 })],
  ['nothing', '{}'],
])('refuses %s', (_name, body) => {
  expect(readJobMessage(body)).toBeUndefined();
});
