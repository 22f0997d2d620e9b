import { expect, test } from 'vitest';
import { eventKeys } from './event-keys.ts';

const event = (logStreamName: string, timestamp: number) => ({ logStreamName, timestamp });

test('every event has a name of its own, also where stream and moment are the same', () => {
  const keys = eventKeys([event('a', 1), event('a', 1), event('b', 1), event('a', 2)]);
  expect(new Set(keys).size).toBe(4);
});

test('an event keeps its name when later ones have come', () => {
  const first = [event('a', 1), event('a', 1), event('b', 1)];
  // Streams are merged by time, so that a later line of one may stand between those of another.
  const later = [event('b', 1), event('a', 1), event('a', 1), event('a', 1), event('b', 2)];
  const [before, after] = [eventKeys(first), eventKeys(later)];
  expect(before.filter((key) => !after.includes(key))).toEqual([]);
  expect(after.filter((key) => !before.includes(key))).toHaveLength(2);
});
