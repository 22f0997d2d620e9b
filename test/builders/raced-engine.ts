import type { Scheduler } from 'fast-check';
import type { TestEngine } from './test-engine.ts';

/** A call that has come back, in order of coming back. */
export interface Call {
  readonly name: string;
  /** Of a call that answers with one word, such as `committed`. */
  readonly answer: string | undefined;
}

/** Calls that hand over one after the other; what is between two of them belongs to whoever asks for the next. */
const STREAMS: readonly (string | symbol)[] = ['list', 'range'];

/** The engine as several workers and requests have it at once: before and after each call another one may get its turn. */
export function racedEngine(
  engine: TestEngine,
  scheduler: Scheduler,
): { engine: TestEngine; calls: readonly Call[] } {
  const calls: Call[] = [];
  const turn = (label: string) => scheduler.schedule(Promise.resolve(), label);
  const raced = <Port extends object>(port: Port, called: string): Port =>
    new Proxy(port, {
      get: (target, member, receiver) => {
        const value: unknown = Reflect.get(target, member, receiver);
        if (typeof value !== 'function' || STREAMS.includes(member)) return value;
        return async (...args: unknown[]) => {
          const name = `${called}.${String(member)}`;
          await turn(name);
          const answer: unknown = await value.apply(target, args);
          calls.push({ name, answer: typeof answer === 'string' ? answer : undefined });
          await turn(`${name} has come back`);
          return answer;
        };
      },
    });
  const { store, records, schedules, publisher } = engine;
  return {
    calls,
    engine: {
      ...engine,
      store: raced(store, 'store'),
      records: raced(records, 'records'),
      schedules: raced(schedules, 'schedules'),
      publisher: raced(publisher, 'publisher'),
    },
  };
}
