import { expect, it } from 'vitest';
import { FhirElement } from './element.ts';
import { isOlderVersion, orderVersion } from './order-version.ts';

const of = (meta: object | undefined, id: string | undefined = 'rx-1') =>
  orderVersion(new FhirElement({ ...(id !== '' && { id }), meta }, '', { problems: [], warnings: [] }));

it.each<[string, object | undefined, object | undefined]>([
  ['by its number', { versionId: '9' }, { versionId: '10' }],
  [
    'by its number, whatever the clock of the server said',
    { versionId: '1', lastUpdated: '2026-11-20T00:00:00Z' },
    { versionId: '2', lastUpdated: '2026-11-01T00:00:00Z' },
  ],
  ['by its time', { lastUpdated: '2026-11-01T09:00:00+02:00' }, { lastUpdated: '2026-11-01T08:00:00Z' }],
  [
    'by its time where versions are named',
    { versionId: 'Ab', lastUpdated: '2026-11-01T00:00:00.001Z' },
    { versionId: 'AA', lastUpdated: '2026-11-01T00:00:00.002Z' },
  ],
])('the older version is known %s', (_, older, newer) => {
  expect(isOlderVersion(of(older), of(newer))).toBe(true);
  expect(isOlderVersion(of(newer), of(older))).toBe(false);
});

it.each([
  ['says nothing', of(undefined), of({ versionId: '2' })],
  ['says the same', of({ versionId: '2' }), of({ versionId: '2' })],
  ['names its version', of({ versionId: 'a' }), of({ versionId: 'b' })],
  ['has a time that is none', of({ lastUpdated: 'today' }), of({ lastUpdated: '2026-11-01T00:00:00Z' })],
  ['is another order', of({ versionId: '1' }), of({ versionId: '2' }, 'rx-2')],
  ['has no id', of({ versionId: '1' }, ''), of({ versionId: '2' }, '')],
])('of what %s neither is older', (_, one, other) => {
  expect([isOlderVersion(one, other), isOlderVersion(other, one)]).toEqual([false, false]);
});
