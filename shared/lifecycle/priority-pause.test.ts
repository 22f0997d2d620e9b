import { describe, expect, it } from 'vitest';
import { decided, NEVER_PAUSED, settled } from './priority-pause.ts';

const AT = '2026-11-23T20:55:41.000Z';
const by = { at: AT, actorRef: 'actor' };

describe('what is decided about a priority', () => {
  it('goes from running to paused, to resuming, and to running when its workers are seen at work', () => {
    const paused = decided(NEVER_PAUSED, 'pause', by);
    expect(paused).toEqual({ phase: 'paused', revision: 1, changedAt: AT, actorRef: 'actor' });
    const resuming = decided(paused ?? NEVER_PAUSED, 'resume', {
      at: '2026-11-23T21:00:00.000Z',
      actorRef: 'b',
    });
    expect(resuming).toMatchObject({ phase: 'resuming', revision: 2, actorRef: 'b' });
    expect(settled(resuming ?? NEVER_PAUSED)).toEqual({ ...resuming, phase: 'running', revision: 3 });
  });

  it('may be a pause while it is still resuming', () => {
    const resuming = { phase: 'resuming', revision: 4, changedAt: AT, actorRef: 'a' } as const;
    expect(decided(resuming, 'pause', by)).toMatchObject({ phase: 'paused', revision: 5 });
  });

  it.each([
    ['pause', 'paused'],
    ['resume', 'running'],
    ['resume', 'resuming'],
  ] as const)('changes nothing by %s when it is %s', (decision, phase) => {
    expect(decided({ phase, revision: 2 }, decision, by)).toBeUndefined();
  });
});
