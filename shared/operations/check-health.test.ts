import { describe, expect, it } from 'vitest';
import { callerAs, NOW } from '#test/builders/test-engine.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { createHealthCheck, type HealthProbe, healthView } from './check-health.ts';

function probed(answers: () => Promise<boolean> = async () => true) {
  let asked = 0;
  const probes: HealthProbe[] = [
    { part: 'store', answers: async () => true },
    {
      part: 'keys',
      answers: () => {
        asked += 1;
        return answers();
      },
    },
  ];
  return { check: createHealthCheck(probes), asked: () => asked };
}

describe('the health of the stack', () => {
  it('names each part', async () => {
    const { check } = probed(async () => false);
    expect(await check(NOW)).toEqual({ at: NOW, parts: { store: 'up', keys: 'down' } });
  });

  it.each([
    ['cannot answer', async () => Promise.reject(new Error('away'))],
    [
      'breaks at once',
      () => {
        throw new Error('away');
      },
    ],
  ])('counts a part that %s as down', async (_, answers) => {
    const { check } = probed(answers);
    expect((await check(NOW)).parts['keys']).toBe('down');
  });

  it('is asked for at most every 30 s', async () => {
    const { check, asked } = probed();
    const first = await check(NOW);
    expect(await check(addSeconds(NOW, 29.999))).toEqual(first);
    expect(asked()).toBe(1);
    expect((await check(addSeconds(NOW, 30))).at).toBe(addSeconds(NOW, 30));
    expect(asked()).toBe(2);
  });

  it('is asked for once by many at the same time', async () => {
    const { check, asked } = probed();
    await Promise.all(Array.from({ length: 5 }, () => check(NOW)));
    expect(asked()).toBe(1);
  });

  it('is asked for anew when the clock was set back', async () => {
    const { check, asked } = probed();
    await check(NOW);
    await check(addSeconds(NOW, -1));
    expect(asked()).toBe(2);
  });
});

describe('what is told of it', () => {
  const verdict = { at: NOW, parts: { store: 'up', keys: 'down' } } as const;

  it('is up or down for everybody', () => {
    expect(healthView(verdict, '1.2.3')).toEqual({ status: 'down' });
    expect(healthView({ ...verdict, parts: { store: 'up' } }, '1.2.3')).toEqual({ status: 'up' });
  });

  it.each(['patient', 'clinician', 'service', 'analyst', 'auditor'] as const)('is no more for %s', (role) => {
    expect(healthView(verdict, '1.2.3', callerAs(role))).toEqual({ status: 'down' });
  });

  it.each(['operator', 'admin'] as const)('is version and parts for %s', (role) => {
    expect(healthView(verdict, '1.2.3', callerAs(role))).toEqual({
      status: 'down',
      version: '1.2.3',
      checked_at: NOW,
      parts: verdict.parts,
    });
  });
});
