import { setTimeout as sleep } from 'node:timers/promises';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { inject } from 'vitest';
import { LAPTOP_CLIENT } from '#infra/constructs/issuers.ts';
import type { TableName } from '#shared/contract/tables.ts';
import type { Role } from '#shared/lifecycle/role.ts';
import { type ApiAnswer, callApi } from '../api-client.ts';
import { isObject } from '../deploy/template.ts';
import { dumpStack, type Manifest } from '../dump/dump-stack.ts';
import { peekQueue } from '../dump/peek-queue.ts';
import { readInbox } from '../front/inbox.ts';
import { issuerKeys } from '../front/issuer.ts';
import { mintToken, type TokenWishes } from '../front/mint-token.ts';
import { durationMs, offsetForInstant } from '../hooks/clock-offset.ts';
import type { FaultMode } from '../hooks/hook-files.ts';
import { clearFaults, clockOffset, placeFaults, waitingFaultCount } from '../hooks/laptop-hooks.ts';
import { moveClock } from '../hooks/move-clock.ts';
import { invokeFunction } from '../invoke-function.ts';
import { laptopClientConfig, laptopClients } from '../laptop-clients.ts';
import { runningStack } from '../stack-file.ts';
import { type StackFolder, stackFolder } from '../stack-folder.ts';

type CallOptions = NonNullable<Parameters<typeof callApi>[3]>;
export type JobAnswer = Readonly<Record<string, unknown>>;

const DEFAULT_WAIT_SECONDS = 30;

/**
 * The tests' stack, which the global setup started: call it once per file. Files share one stack, so a test uses users
 * and ids of its own, and puts clock and faults back (`resetHooks`) when it has moved them.
 */
export const useStack = () => stackIn(stackFolder(inject('laptopFolder')));

/** The stack that runs in a folder. */
export function stackIn(folder: StackFolder) {
  const stack = runningStack(folder);
  const clients = laptopClients(stack.awsEndpointUrl);
  const call = (method: string, path: string, options: CallOptions = {}): Promise<ApiAnswer> =>
    callApi(stack.apiUrl, method, path, options);

  return {
    /** The contents of `stack.json`. */
    stack,
    /** SDK clients on the laptop's AWS; `clientConfig` makes further ones. */
    clients,
    clientConfig: laptopClientConfig(stack.awsEndpointUrl),

    /** An access token of the laptop's issuer. */
    token: async (role: Role, subject: string, more: Partial<TokenWishes> = {}): Promise<string> => {
      const { privateJwk } = await issuerKeys(folder);
      const wishes = { role, subject, clientId: LAPTOP_CLIENT, ...more };
      return mintToken({ issuer: stack.issuer, privateJwk }, wishes, Date.now());
    },
    /** One request to the API, by its path below `/api/v1`. */
    call,
    /**
     * Asks for a job until its status is one of `statuses`.
     * @throws Error that shows the job as it was last seen
     */
    waitForJob: async (
      jobId: string,
      token: string,
      statuses: readonly string[] = ['succeeded'],
      seconds = DEFAULT_WAIT_SECONDS,
    ): Promise<JobAnswer> => {
      let last: unknown;
      for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
        last = (await call('GET', `/jobs/${jobId}`, { token })).body;
        if (isObject(last) && statuses.includes(String(last['status']))) return last;
      }
      throw new Error(`Not ${statuses.join(' or ')} within ${seconds} s: ${JSON.stringify(last)}`);
    },

    /** The functions' time, as an instant, after `set`, `advance` (ISO 8601 duration) or back to the machine's. */
    clock: {
      set: (instant: string): Promise<string> => moveClock(stack, offsetForInstant(instant, Date.now())),
      advance: (duration: string): Promise<string> =>
        moveClock(stack, clockOffset(stack.hooksDir) + durationMs(duration)),
      reset: (): Promise<string> => moveClock(stack, 0),
    },
    /** Lets the next `times` attempts of a kind fail; `waitingFaults` counts those that have not happened yet. */
    fault: (kind: string, mode: FaultMode, times = 1): void => placeFaults(stack.hooksDir, kind, mode, times),
    waitingFaults: (kind: string): number => waitingFaultCount(stack.hooksDir, kind),
    resetHooks: async (): Promise<void> => {
      clearFaults(stack.hooksDir);
      await moveClock(stack, 0);
    },

    /** Invokes a function now, by its name in `stack.functions`: `tick`, `reconciler`, `recurring`, `worker/HIGH` … */
    invoke: (name: string, event?: unknown): Promise<unknown> => invokeFunction(stack, name, event),

    /** Every item of a table, as plain objects; encrypted attributes as bytes. */
    items: async (table: TableName): Promise<Record<string, unknown>[]> => {
      const items: Record<string, unknown>[] = [];
      for await (const page of paginateScan({ client: clients.dynamo }, { TableName: stack.tables[table] }))
        for (const item of page.Items ?? []) items.push(unmarshall(item));
      return items;
    },
    /** The messages in a queue, also invisible and delayed ones, without receiving them. */
    messages: (queueUrl: string): Promise<unknown[]> => peekQueue(stack, queueUrl),
    /** Everything that the stack holds, as files below a folder. */
    dump: (target: string): Promise<Manifest> => dumpStack(stack, folder, target),
    /** What was published to the topic so far. */
    published: async (): Promise<unknown[]> => {
      // Asking the front makes it collect what has arrived.
      await fetch(`${stack.frontUrl}/inbox.json`);
      return readInbox(folder).map(({ message }) => message);
    },
  };
}
