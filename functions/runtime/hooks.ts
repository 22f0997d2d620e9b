import { type Clock, instantOf } from '#shared/lifecycle/instant.ts';
import type { Engine } from '#shared/operations/engine.ts';

export { createAwsCallCounter } from '#shared/adapters/aws-calls.ts';

/**
 * What a deployment may put between a function and the world: the clock that it reads, what is attached to each
 * client of AWS, and a wrapper around each attempt's work. Everywhere but on a laptop they add nothing; the laptop's
 * build puts another module in place of this one.
 */
export const clock: Clock = () => instantOf(Date.now());

export const aroundProcess: Engine['aroundProcess'] = (_kind, work) => work();
