import { RetryableError } from '#shared/errors/attempt-error.ts';
import type { ReminderMessage } from '#shared/jobs/ports.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import type { TestEngine } from './test-engine.ts';

/** What goes wrong in workers, until it is set otherwise. */
export interface Fault {
  /** At which moment of an attempt that publishes the process dies. */
  dies: 'after_claim' | 'before_publish' | 'after_publish' | undefined;
  /** How many more of them die. */
  times: number;
  /** Set while a process is dead: none of its calls is answered. */
  isDead?: boolean;
  /** Types of messages that the topic does not take. */
  unpublishable: readonly ReminderMessage['type'][];
}

/** Thrown out of an attempt whose process has died. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

/** The engine as workers have it: theirs die, and their topic fails, as `fault` says. */
export function unreliableWorker(engine: TestEngine, fault: Fault): TestEngine {
  const die = (): never => {
    fault.isDead = true;
    throw new WorkerDied('The process has died.');
  };
  const diesNow = (moment: Fault['dies']): boolean => {
    if (fault.dies !== moment || fault.times <= 0) return false;
    fault.times -= 1;
    return true;
  };
  const claim: JobStore['claim'] = async (request) => {
    const answer = await engine.store.claim(request);
    if ('row' in answer && answer.row.kind === 'reminder-delivery' && diesNow('after_claim')) die();
    return answer;
  };
  const publishReminder = async (message: ReminderMessage) => {
    if (fault.unpublishable.includes(message.type))
      throw new RetryableError('dependency_unavailable', 'The topic cannot be reached.');
    if (diesNow('before_publish')) die();
    await engine.publisher.publishReminder(message);
    if (diesNow('after_publish')) die();
  };
  const store = new Proxy<JobStore>(
    { ...engine.store, claim },
    { get: (target, name, receiver) => (fault.isDead ? die : Reflect.get(target, name, receiver)) },
  );
  return { ...engine, store, publisher: { ...engine.publisher, publishReminder } };
}
