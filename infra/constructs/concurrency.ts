import type { FunctionName } from '#shared/contract/functions.ts';
import { isPriority, PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import type { Stage } from '../stages.ts';

/** Dead letters are few; more of them at a time would only take executions away from the living. */
export const DEAD_LETTER_CONCURRENCY = 2;
/** As many shards of streams as are read at a time. */
const CHANGE_LOG_CONCURRENCY = 20;
/** The round of this minute, and the end of the last one. */
const ROUNDS_AT_A_TIME = 2;

/**
 * Executions that are reserved for one function, when the deployer reserves any: the given number for each function that
 * answers requests; for a consumer as many as its queues start at most, because what is started and refused burns a
 * receive of its message.
 */
export function reservedConcurrency(stage: Stage, name: FunctionName, variant: string): number | undefined {
  if (stage.reservedConcurrency === undefined) return undefined;
  switch (name) {
    case 'worker':
      return isPriority(variant) ? stage.workerConcurrency[variant] : undefined;
    case 'change-log':
      // Of each shard of a stream one batch at a time, and tables of this size have few shards.
      return CHANGE_LOG_CONCURRENCY;
    case 'dead-letter':
      return DEAD_LETTER_CONCURRENCY * PRIORITY_NAMES.length;
    case 'tick-shard':
      return stage.tickConcurrency;
    case 'tick':
    case 'reconciler':
    case 'recurring':
    case 'erasure':
    case 'audit-seal':
    case 'restore-drill':
      return ROUNDS_AT_A_TIME;
    default:
      return stage.reservedConcurrency;
  }
}
