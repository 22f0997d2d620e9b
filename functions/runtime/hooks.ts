import { type Clock, instantOf } from '#shared/lifecycle/instant.ts';
import type { Engine } from '#shared/operations/engine.ts';

/**
 * What a deployment may put between a function and the world: the clock that it reads, and a wrapper around each
 * attempt's work. Everywhere but on a laptop both do nothing; the laptop's build puts another module in place of this one.
 */
export const clock: Clock = () => instantOf(Date.now());

export const aroundProcess: Engine['aroundProcess'] = (_kind, work) => work();
