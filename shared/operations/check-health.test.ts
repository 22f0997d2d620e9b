import { describe, expect, it } from 'vitest';
import { callerAs, NOW } from '#test/builders/test-engine.ts';
import type { Caller } from '../evidence/caller.ts';
import { shownOf } from '../evidence/response-members.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { NONE_PAUSED } from '../lifecycle/priority-pause.ts';
import {
  createHealthCheck,
  type HealthProbe,
  type HealthVerdict,
  healthMembers,
  healthView,
} from './check-health.ts';

const toldTo = (caller: Caller | undefined, of: HealthVerdict) =>
  shownOf(healthView(of, '1.2.3'), healthMembers(caller));

const nothingPaused = { read: async () => NONE_PAUSED };

function probed(answers: () => Promise<boolean> = async () => true, pauses = nothingPaused) {
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
  return { check: createHealthCheck(probes, pauses), asked: () => asked };
}

describe('the health of the stack', () => {
  it('names each part', async () => {
    const { check } = probed(async () => false);
    expect(await check(NOW)).toEqual({
      at: NOW,
      parts: { store: 'up', keys: 'down' },
      pausedPriorities: [],
    });
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

  it('names paused priorities, and none when it cannot find out', async () => {
    const paused = { phase: 'paused', revision: 1 } as const;
    const resuming = { phase: 'resuming', revision: 2 } as const;
    const some = { read: async () => ({ ...NONE_PAUSED, CRITICAL: paused, LOW: paused, HIGH: resuming }) };
    expect((await probed(undefined, some).check(NOW)).pausedPriorities).toEqual(['CRITICAL', 'LOW']);
    const away = { read: async () => Promise.reject(new Error('away')) };
    expect(await probed(undefined, away).check(NOW)).toEqual({ at: NOW, parts: { store: 'up', keys: 'up' } });
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

it('a part that only degrades the service is never down', async () => {
  const probe = (part: string, answers: () => Promise<boolean>): HealthProbe => ({
    part,
    answers,
    degrades: true,
  });
  const probes = [
    probe('empty', async () => false),
    probe('away', () => Promise.reject(new Error('away'))),
    probe('fine', async () => true),
  ];
  const verdict = await createHealthCheck(probes, nothingPaused)(NOW);
  expect(verdict.parts).toEqual({ empty: 'degraded', away: 'degraded', fine: 'up' });
  expect(toldTo(undefined, verdict)).toEqual({ status: 'degraded' });
  const worse = { ...verdict, parts: { ...verdict.parts, store: 'down' } } as const;
  expect(toldTo(undefined, worse)).toEqual({ status: 'down' });
});

describe('what is told of it', () => {
  const verdict = { at: NOW, parts: { store: 'up', keys: 'down' }, pausedPriorities: ['LOW'] } as const;

  it('is up or down for everybody', () => {
    expect(toldTo(undefined, verdict)).toEqual({ status: 'down' });
    // What is paused on purpose is not down.
    expect(toldTo(undefined, { ...verdict, parts: { store: 'up' } })).toEqual({ status: 'up' });
  });

  it.each(['patient', 'clinician', 'service', 'analyst', 'auditor'] as const)('is no more for %s', (role) => {
    expect(toldTo(callerAs(role), verdict)).toEqual({ status: 'down' });
  });

  it.each(['operator', 'admin'] as const)('is version, parts and paused priorities for %s', (role) => {
    expect(toldTo(callerAs(role), verdict)).toEqual({
      status: 'down',
      version: '1.2.3',
      checked_at: NOW,
      parts: verdict.parts,
      paused_priorities: ['LOW'],
    });
    const { pausedPriorities, ...unknown } = verdict;
    expect(toldTo(callerAs(role), unknown)).not.toHaveProperty('paused_priorities');
  });
});
