import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { maxAttempts, PRIORITY_NAMES, type Priority, TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stages.ts';
import { TIMEOUT_SECONDS } from './function-sizes.ts';

/** A dead letter's retention counts from its first enqueue, so it is longer than the source's. */
const DEAD_LETTER_DAYS = 14;
const SOURCE_DAYS = 4;
/**
 * A tick's message is worth little once the next ticks have come, but it must outlive all its receives with their
 * visibility timeouts: otherwise it expires before it is moved to the dead letters, and nobody learns of it.
 */
const TICK_MINUTES = 20;
const TICK_RECEIVES = 2;

/** AWS asks for a visibility timeout of at least six times the consumer's. */
export const VISIBILITY_FACTOR = 6;

export interface PriorityQueues {
  readonly source: Queue;
  readonly deadLetters: Queue;
}

/** One queue per priority with its dead-letter queue, and the queue by which the tick starts its shards. */
export class JobQueues extends Construct {
  readonly byPriority: Readonly<Record<Priority, PriorityQueues>>;
  readonly tick: Queue;
  readonly tickDeadLetters: Queue;
  /** Events that a function could not handle although EventBridge and Lambda had tried again. */
  readonly lostEvents: Queue;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: { stage: Stage; key: IKey }) {
    super(scope, id);
    this.#key = props.key;
    const timing = TIMING_PROFILES[props.stage.timing];
    const pair = (priority: Priority): PriorityQueues => {
      const deadLetters = this.#queue(`${priority}DeadLetters`, {
        retentionPeriod: Duration.days(DEAD_LETTER_DAYS),
        visibilityTimeout: Duration.seconds(TIMEOUT_SECONDS['dead-letter'] * VISIBILITY_FACTOR),
      });
      const source = this.#queue(priority, {
        retentionPeriod: Duration.days(SOURCE_DAYS),
        // The retry delay: it also holds when a worker dies without a word.
        visibilityTimeout: Duration.seconds(timing[priority].visibilitySeconds),
        deadLetterQueue: { queue: deadLetters, maxReceiveCount: maxAttempts(priority) },
      });
      return { source, deadLetters };
    };
    this.byPriority = {
      CRITICAL: pair('CRITICAL'),
      HIGH: pair('HIGH'),
      MEDIUM: pair('MEDIUM'),
      LOW: pair('LOW'),
    };
    this.tickDeadLetters = this.#queue('TickDeadLetters', { retentionPeriod: Duration.days(1) });
    this.tick = this.#queue('Tick', {
      retentionPeriod: Duration.minutes(TICK_MINUTES),
      visibilityTimeout: Duration.seconds(TIMEOUT_SECONDS['tick-shard'] * VISIBILITY_FACTOR),
      deadLetterQueue: { queue: this.tickDeadLetters, maxReceiveCount: TICK_RECEIVES },
    });
    this.lostEvents = this.#queue('LostEvents', { retentionPeriod: Duration.days(DEAD_LETTER_DAYS) });
  }

  /** All four source queues, in the order of their priority. */
  sources(): readonly Queue[] {
    return PRIORITY_NAMES.map((priority) => this.byPriority[priority].source);
  }

  #queue(id: string, props: QueueProps): Queue {
    const queue = new Queue(this, id, {
      ...props,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: this.#key,
      enforceSSL: true,
    });
    if (!props.deadLetterQueue)
      acknowledge(queue, {
        'Serverless-SQSRedrivePolicy':
          'It is the last stop itself: what comes here has already failed elsewhere, and an alarm tells of each new message.',
      });
    return queue;
  }
}
