import { defineJobKind, type Facts, type JobKind, type Ruling } from '#shared/jobs/define-job-kind.ts';
import type { Done, JobView, JsonObject, RecordKey, Refs, World } from '#shared/jobs/ports.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';

type TestPayload = { readonly user_id?: string; readonly mark?: string };

interface Tuning {
  readonly name?: string;
  readonly priority?: Priority;
  readonly priorities?: readonly [Priority, ...Priority[]];
  readonly process?: (job: JobView<TestPayload>, world: World) => Promise<Done>;
  readonly rules?: (payload: TestPayload, facts: Facts) => Ruling<TestPayload>;
  readonly factKeys?: (
    payload: TestPayload,
    refs: Refs,
  ) => readonly RecordKey<'user' | 'medication' | 'schedule'>[];
  readonly patientView?: (result: JsonObject) => JsonObject;
  readonly analystView?: (result: JsonObject) => JsonObject;
}

/** What a job's work hands back when there is nothing to it. */
export const DONE: Done = { end: 'succeeded', result: { fine: true }, summary: 'done' };

/** A small kind that does what the test says; about the patient `user_id` when the payload names one. */
export const testKind = (tuning: Tuning = {}): JobKind => {
  const { name = 'work', priority = 'MEDIUM', patientView, analystView } = tuning;
  return defineJobKind<TestPayload>()({
    name,
    public: true,
    schema: { type: 'object' },
    priorities: tuning.priorities ?? [priority],
    defaultPriority: priority,
    timeBudgetSeconds: 5,
    executionObjective: { ms: 1000, reason: 'The latency threshold of the specification.' },
    submitRoles: ['service'],
    userIdOf: (payload) => payload.user_id,
    factKeys: tuning.factKeys ?? (() => []),
    rules: tuning.rules ?? ((payload) => ({ ok: true, payload })),
    process: tuning.process ?? (async () => DONE),
    ...(patientView && { patientView }),
    ...(analystView && { analystView }),
    example: { mark: 'example' },
  });
};

/** Work that throws that error at each of its first `times` attempts, and is fine afterwards. */
export function failing(error: Error, times = Number.POSITIVE_INFINITY) {
  let attempts = 0;
  return async (): Promise<Done> => {
    attempts += 1;
    if (attempts <= times) throw error;
    return DONE;
  };
}
