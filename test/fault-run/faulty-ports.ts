import { RetryableError } from '#shared/errors/attempt-error.ts';
import type { Simulation } from './simulation.ts';

/** How often things go wrong, as probabilities. */
export interface FaultRates {
  readonly portFails: number;
  readonly workerDies: number;
  readonly duplicateDelivery: number;
}

/** One process: once dead, none of its calls ever answers. */
export interface Process {
  dead: boolean;
  /** The step at which it is killed, counted in port calls; `undefined`: it lives. */
  killAtStep: number | undefined;
  steps: number;
}

export const processOf = (simulation: Simulation, rates: FaultRates): Process => ({
  dead: false,
  killAtStep: simulation.chance.happens(rates.workerDies) ? simulation.chance.below(7) : undefined,
  steps: 0,
});

const NEVER = new Promise<never>(() => {});

/**
 * The same port, as a distributed system answers: each call takes time, some fail before their effect, as many after
 * it, and the calls of a dead process never come back.
 */
export function faultyPort<T extends object>(
  port: T,
  simulation: Simulation,
  rates: FaultRates,
  process: Process,
): T {
  const { chance } = simulation;
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        process.steps += 1;
        if (process.steps - 1 === process.killAtStep) process.dead = true;
        const fails = chance.happens(rates.portFails);
        const afterEffect = chance.happens(0.5);
        await simulation.sleep(1 + chance.below(200));
        if (process.dead) return NEVER;
        if (fails && !afterEffect) throw new RetryableError('dependency_unavailable', 'injected: before');
        const answer: unknown = await Reflect.apply(member, target, args);
        await simulation.sleep(1 + chance.below(50));
        if (process.dead) return NEVER;
        if (fails) throw new RetryableError('dependency_unavailable', 'injected: after its effect');
        return answer;
      };
    },
  });
}
