/** The part of an SDK client that the counter needs; every client has it. */
interface Countable {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<unknown>,
      options: { step: 'finalizeRequest'; name: string; priority: 'low' },
    ): void;
  };
}

/** Counts requests to AWS, because their number is what a job's time and price consist of. */
export interface AwsCallCounter {
  /** Requests since the environment started, repetitions by the SDK included. An invocation logs the difference. */
  count(): number;
  /** Those of them that went to KMS, which has a price and a quota of its own. */
  kmsCount(): number;
  attach(client: unknown, service?: 'kms'): void;
}

export function createAwsCallCounter(): AwsCallCounter {
  let calls = 0;
  let kmsCalls = 0;
  return {
    count: () => calls,
    kmsCount: () => kmsCalls,
    attach: (client, service) => {
      // Each client types its own stack by its own commands; what is used here is the same in all of them.
      const { middlewareStack } = client as Countable;
      middlewareStack.add(
        (next) => (args) => {
          calls += 1;
          if (service === 'kms') kmsCalls += 1;
          return next(args);
        },
        // Inside the SDK's retry loop, so that every try counts.
        { step: 'finalizeRequest', name: 'countAwsCalls', priority: 'low' },
      );
    },
  };
}
