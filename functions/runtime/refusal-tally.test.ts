import { describe, expect, it } from 'vitest';
import type { RefusalCount } from '#shared/jobs/ports.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { refusalTally } from './refusal-tally.ts';

const START = '2027-03-01T08:59:50.000Z';
const HOUR = '2027-03-01T08:00:00.000Z';

/** A tally over a counter that can be away. */
function tallied() {
  const written: RefusalCount[] = [];
  const state = { away: false };
  const tally = refusalTally({
    add: async (refusals) => {
      if (state.away) throw new Error('away');
      written.push(refusals);
    },
  });
  const refuse = (seconds: number, code = 'unauthorized', step = 'authenticate') =>
    tally({ at: addSeconds(START, seconds), step, code });
  return { written, state, refuse };
}

const counted = (count: number, over: Partial<RefusalCount> = {}): RefusalCount => ({
  hour: HOUR,
  step: 'authenticate',
  code: 'unauthorized',
  count,
  ...over,
});

describe('refusals of one environment', () => {
  it('are written at once, when they come one by one', async () => {
    const { written, refuse } = tallied();
    await refuse(0);
    await refuse(1);
    expect(written).toEqual([counted(1), counted(1)]);
  });

  it('that come as a flood cost one write a second', async () => {
    const { written, refuse } = tallied();
    // 1,000 refusals in five seconds.
    for (let index = 0; index < 1000; index += 1) await refuse(index * 0.005);
    expect(written.map(({ count }) => count)).toEqual([1, 200, 200, 200, 200]);
    // What the last second held is written with the next one, whenever it comes.
    await refuse(9);
    expect(written.at(-1)).toEqual(counted(200));
    expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(1001);
  });

  it('are held apart by hour, step and code', async () => {
    const { written, refuse } = tallied();
    await refuse(0);
    await refuse(0.1, 'not_found', 'none');
    await refuse(0.2);
    await refuse(0.3, 'forbidden', 'authorize');
    await refuse(10);
    expect(written).toHaveLength(5);
    expect(written.slice(1)).toEqual(
      expect.arrayContaining([
        counted(1, { code: 'not_found', step: 'none' }),
        counted(1),
        counted(1, { code: 'forbidden', step: 'authorize' }),
        counted(1, { hour: '2027-03-01T09:00:00.000Z' }),
      ]),
    );
  });

  it('that cannot be written are seen, and written with the next', async () => {
    const { written, state, refuse } = tallied();
    state.away = true;
    await expect(refuse(0)).rejects.toThrow('away');
    await refuse(0.5);
    await expect(refuse(1)).rejects.toThrow('away');
    state.away = false;
    await refuse(2);
    expect(written).toEqual([counted(4)]);
  });
});
