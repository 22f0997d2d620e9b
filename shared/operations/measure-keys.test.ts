import { expect, it } from 'vitest';
import { createTestEngine } from '#test/builders/test-engine.ts';
import { measureKeys } from './measure-keys.ts';

it('the keys that cannot be used are counted each time, and named', async () => {
  const engine = createTestEngine([]);
  await measureKeys(engine);
  engine.keyStates.states.set('seal', 'PendingDeletion').set('logs', 'Disabled');
  await measureKeys(engine);
  expect(engine.metrics.all).toEqual(
    [0, 2].map((value) => ({ name: 'keys_unusable', value, unit: 'Count' })),
  );
  expect(engine.log.all).toEqual(
    [
      { key_name: 'logs', status: 'Disabled' },
      { key_name: 'seal', status: 'PendingDeletion' },
    ].map((fields) => ({ level: 'error', event: 'key.unusable', fields })),
  );
});

it('tells nothing when it cannot be found out: silence rings', async () => {
  const engine = createTestEngine([]);
  engine.keyStates.states.clear();
  await expect(measureKeys(engine)).rejects.toThrow(Error);
  expect(engine.metrics.all).toEqual([]);
});
