import { describe, expect, test } from 'vitest';
import type { EventReader, RefusalCount } from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import type { RefusalCounter } from '#shared/operations/ports.ts';
import { collect } from './record-samples.ts';

export interface RefusalsUnderTest {
  /** Of one environment more, each time. */
  readonly counter: () => RefusalCounter;
  readonly events: EventReader;
}

/** What every RefusalCounter promises, as the reader of events shows it. */
export function refusalCounterContract(name: string, make: () => Promise<RefusalsUnderTest>): void {
  const refused = (hour: Instant, step: string, code: string, count: number): RefusalCount => ({
    hour,
    step,
    code,
    count,
  });
  const inOrder = (rows: readonly RefusalCount[]) =>
    rows.toSorted((a, b) => (`${a.hour}${a.step}${a.code}` < `${b.hour}${b.step}${b.code}` ? -1 : 1));

  describe(`${name}: refused requests`, () => {
    test('add up by hour, step and code, whichever environment counts them', async () => {
      const { counter, events } = await make();
      const [first, second] = ['2031-09-01T08:00:00.000Z', '2031-09-01T09:00:00.000Z'];
      const counters = Array.from({ length: 12 }, counter);
      await Promise.all(counters.map((one) => one.add(refused(first, 'authenticate', 'unauthorized', 2))));
      await counters[0]?.add(refused(first, 'authenticate', 'unauthorized', 1));
      await counters[0]?.add(refused(first, 'none', 'not_found', 5));
      await counters[1]?.add(refused(second, 'authenticate', 'unauthorized', 7));
      expect(inOrder(await collect(events.refusals(first, '2031-09-01T10:00:00.000Z')))).toEqual([
        refused(first, 'authenticate', 'unauthorized', 25),
        refused(first, 'none', 'not_found', 5),
        refused(second, 'authenticate', 'unauthorized', 7),
      ]);
    });

    test('are those of the hours that begin in the window', async () => {
      const { counter, events } = await make();
      const hours = ['2031-09-02T08:00:00.000Z', '2031-09-02T09:00:00.000Z', '2031-09-02T10:00:00.000Z'];
      for (const hour of hours) await counter().add(refused(hour, 'authorize', 'forbidden', 1));
      const read = async (start: Instant, end: Instant) =>
        (await collect(events.refusals(start, end))).map(({ hour }) => hour).sort();
      expect(await read('2031-09-02T08:00:00.000Z', '2031-09-02T10:00:00.000Z')).toEqual(hours.slice(0, 2));
      expect(await read('2031-09-02T08:30:00.000Z', '2031-09-02T10:30:00.000Z')).toEqual(hours.slice(1));
      expect(await read('2031-09-02T10:00:00.000Z', '2031-09-02T08:00:00.000Z')).toEqual([]);
    });
  });
}
