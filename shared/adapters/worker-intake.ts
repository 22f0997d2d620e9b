import {
  GetEventSourceMappingCommand,
  type LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { Priority } from '../lifecycle/priority.ts';
import type { WorkerIntake } from '../operations/pause-ports.ts';
import { callAws, isNamed, translateSdkError } from './sdk-errors.ts';

export interface WorkerIntakeOptions {
  readonly client: LambdaClient;
  /** Id of the event source mapping between a priority's queue and its worker. */
  readonly mappingIds: Readonly<Record<Priority, string>>;
}

/**
 * The event source mappings of the workers, switched on and off. Lambda answers before it is done: a mapping is `Enabling`
 * or `Disabling` for some seconds, and can't be changed meanwhile.
 */
export function createWorkerIntake({ client, mappingIds }: WorkerIntakeOptions): WorkerIntake {
  return {
    turn: async (priority, to) => {
      const command = new UpdateEventSourceMappingCommand({
        UUID: mappingIds[priority],
        Enabled: to === 'open',
      });
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (isNamed(error, 'ResourceInUseException') || isNamed(error, 'ResourceConflictException'))
          return false;
        throw translateSdkError(error, 'Lambda UpdateEventSourceMapping');
      }
    },

    state: async (priority) => {
      const command = new GetEventSourceMappingCommand({ UUID: mappingIds[priority] });
      const { State } = await callAws('Lambda GetEventSourceMapping', () => client.send(command));
      if (State === 'Enabled') return 'open';
      return State === 'Disabled' ? 'closed' : 'changing';
    },
  };
}
