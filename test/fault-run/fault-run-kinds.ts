import { PermanentError, RetryableError } from '#shared/errors/attempt-error.ts';
import { type AnswersFor, defineJobKind, type JobKind } from '#shared/jobs/define-job-kind.ts';
import { type Done, type JobView, type RecordWrite, SYSTEM_OWNER, type World } from '#shared/jobs/ports.ts';
import { answersFor } from '#shared/jobs/reminder-delivery/not-sent.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';
import { sampleReminder } from '#test/builders/sample-reminder.ts';

/** Payload of the run's own kinds: which job it is, so that its traces can be found. */
type Payload = { readonly mark: string; readonly fate?: string };

/** Leaves one trace per commit: a record whose version counts how often a final transaction took effect. */
const trace = (mark: string, generation: number): RecordWrite => ({
  type: 'rollup',
  owner: SYSTEM_OWNER,
  id: `trace#${mark}#${generation}`,
  expect: 'any',
  state: { revision: 1 },
  body: { mark },
});

const kind = (
  name: string,
  priority: Priority,
  process: (job: JobView<Payload>, world: World) => Promise<Done>,
  answers?: AnswersFor<Payload>,
): JobKind =>
  defineJobKind<Payload>()({
    name,
    public: true,
    schema: { type: 'object' },
    priorities: [priority],
    defaultPriority: priority,
    timeBudgetSeconds: 5,
    executionObjective: { ms: 1000, reason: 'specification' },
    submitRoles: ['service'],
    userIdOf: () => undefined,
    factKeys: () => [],
    rules: (payload) => ({ ok: true, payload }),
    process,
    ...(answers && { answersFor: answers }),
    example: { mark: 'example' },
  });

const succeeded = (job: JobView<Payload>): Done => ({
  end: 'succeeded',
  result: { mark: job.payload.mark },
  summary: 'done',
  writes: [trace(job.payload.mark, job.generation)],
});

/** Reads, then commits: most jobs are like this. */
const plain = (name: string, priority: Priority) =>
  kind(name, priority, async (job, world) => {
    await world.records.readMany([{ type: 'rollup', owner: SYSTEM_OWNER, id: job.payload.mark }]);
    if (job.payload.fate === 'never') throw new PermanentError('made_to_fail', 'made to fail');
    if (job.payload.fate === 'again') throw new RetryableError('dependency_throttled', 'made to fail');
    return succeeded(job);
  });

/** The occurrence that a publishing job answers for, as the tick would have made it. */
export const scheduledOccurrence = (mark: string, dueAt: string): RecordWrite => ({
  type: 'occurrence',
  owner: SYSTEM_OWNER,
  id: mark,
  expect: 'absent',
  state: { status: 'scheduled', dueAt, scheduleRevision: 1, reason: null },
  body: { userId: 'u', medicationId: 'm', localTime: '08:00', timeZone: 'UTC', slots: ['08:00'] },
});

/** Has an effect outside the database: intent first, then the publish, flagged when it may be a second one. */
const publishing = kind(
  'publishing',
  'CRITICAL',
  async (job, world) => {
    const { mark, fate } = job.payload;
    const key = { type: 'occurrence' as const, owner: SYSTEM_OWNER, id: mark };
    const [standing] = await world.records.readMany([key]);
    if (!standing) throw new PermanentError('no_occurrence', 'nobody made it');
    if (fate === 'never') throw new PermanentError('made_to_fail', 'made to fail');
    const { version, state, body } = standing;
    const write = (status: 'sending' | 'published', expect: number): RecordWrite => ({
      ...key,
      expect,
      state: { ...state, status },
      body,
    });
    await world.recordIntent([write('sending', version)]);
    if (fate === 'again') throw new RetryableError('dependency_throttled', 'made to fail');
    await world.publisher.publishReminder(
      sampleReminder({
        message_id: `${mark}.dose`,
        occurrence_id: mark,
        due_at: job.dueAt,
        possible_duplicate: state.status === 'sending',
      }),
    );
    return {
      end: 'succeeded',
      result: {},
      summary: 'published',
      writes: [trace(mark, job.generation), write('published', version + 1)],
    };
  },
  { of: ({ mark }) => ({ id: mark, revision: 1 }), closed: answersFor.closed },
);

/** Splits into three children and gathers them. */
const splitting = kind('splitting', 'LOW', async (job) => {
  if (job.round === 0)
    return {
      end: 'waiting',
      children: [1, 2, 3].map((part) => ({
        key: `part-${part}`,
        kind: 'medium',
        payload: { mark: `${job.payload.mark}.${part}` },
      })),
    };
  const missing = job.children.filter((child) => child.status !== 'succeeded');
  if (missing.length > 0) throw new PermanentError('part_failed', 'a part failed');
  return succeeded(job);
});

export const FAULT_RUN_KINDS: ReadonlyMap<string, JobKind> = new Map(
  [plain('high', 'HIGH'), plain('medium', 'MEDIUM'), plain('low', 'LOW'), publishing, splitting].map(
    (one) => [one.name, one],
  ),
);
