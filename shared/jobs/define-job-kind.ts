import type { Problem } from '../errors/problem-error.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { AnsweredRecord } from '../lifecycle/job-row.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { Role } from '../lifecycle/role.ts';
import type {
  Done,
  JobView,
  JsonObject,
  RecordKey,
  RecordShapes,
  RecordType,
  Refs,
  Release,
  StoredRecord,
  World,
} from './ports.ts';
import type { WorkCounts } from './work-counts.ts';

/** What the business rules of a kind may look at: read in one batch together with the user's own row. */
export interface Facts {
  readonly now: Instant;
  /** The records asked for by `factKeys`, in that order. */
  readonly records: readonly (StoredRecord<'user' | 'medication' | 'schedule'> | undefined)[];
  /** Zone of the deployment, used when neither the request nor the user names one; absent when none is configured. */
  readonly defaultTimeZone?: string;
  /** Clock times of the deployment by code of a frequency, used when a request names none; absent: the built-in ones. */
  readonly defaultTimes?: Readonly<Record<string, readonly string[]>>;
  /** The role that let the caller submit it; absent when the service itself makes the job. */
  readonly role?: Role;
}

/** The business rules' answer: accepted (perhaps with a completed payload), or what is wrong. */
export type Ruling<Payload> =
  | {
      readonly ok: true;
      readonly payload: Payload;
      /** For the audit entry of the acceptance: codes only, nothing that tells of a patient. */
      readonly notes?: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly notFound: 'medication_not_found' };

/** Parts of the `World` beyond tables and queues: a worker may use them only if a kind of its priority says so. */
export type WorldPart =
  | 'publisher'
  | 'archive'
  | 'exports'
  | 'drill'
  | 'reference'
  | 'recordIntentWhile'
  | 'records.range'
  | 'records.list'
  | 'records.owners'
  | 'pastChecks';

/** The ends that the engine gives a job by itself: no attempt has handed back what becomes of its record. */
export type EngineEnd = 'fail' | 'bury' | 'expire' | 'cancel';

/** How the record that a job answered for is left, and what is counted for it. */
export interface Closing {
  readonly state: RecordShapes['occurrence']['state'];
  readonly counts: WorkCounts;
}

/** The occurrence that a job answers for. No function needs a key to close it: only what stands in the clear is used. */
export interface AnswersFor<Payload> {
  /** Which one, among those of the job's user; kept in the clear on the job's row. `undefined`: this job for none. */
  readonly of: (payload: Payload) => AnsweredRecord | undefined;
  /** Its state after the engine has ended the job; `undefined`: it is left as it is. */
  readonly closed: (
    state: RecordShapes['occurrence']['state'],
    revision: number,
    end: EngineEnd,
  ) => Closing | undefined;
}

export interface JobKindSpec<Payload> {
  readonly name: string;
  /** Public kinds get a route, a function and alarms; internal ones are made by other jobs only. */
  readonly public: boolean;
  /** JSON Schema 2020-12 of the body, the one source of the payload's shape. */
  readonly schema: object;
  readonly priorities: readonly [Priority, ...Priority[]];
  readonly defaultPriority: Priority;
  /** The longest that an attempt may take; each allowed priority's worker timeout covers it. */
  readonly timeBudgetSeconds: number;
  /** p99 objective of an attempt's execution; the specification's 1000 ms unless a reason says otherwise. */
  readonly executionObjective: { readonly ms: number; readonly reason: string };
  /** Who may submit it; a patient only for the own `user_id`, a caregiver or care team for those they care for. */
  readonly submitRoles: readonly Role[];
  /** The patient the job is about; `undefined` when it is about no single patient. */
  readonly userIdOf: (payload: Payload) => string | undefined;
  /** The records that the business rules look at. */
  readonly factKeys: (
    payload: Payload,
    refs: Refs,
  ) => readonly RecordKey<'user' | 'medication' | 'schedule'>[];
  readonly rules: (payload: Payload, facts: Facts) => Ruling<Payload>;
  /** What is wrong with the place where the payload wants data stored: empty when it is ours. Absent: it names no place. */
  readonly storage?: (payload: Payload) => readonly Problem[];
  readonly process: (job: JobView<Payload>, world: World) => Promise<Done>;
  /** What `process` uses beyond tables and queues; the workers' permissions follow from it. */
  readonly uses?: readonly WorldPart[];
  /** The record that would stand open for ever if the engine ended the job; closed in the end's own transaction. */
  readonly answersFor?: AnswersFor<Payload>;
  /** What patients and caregivers see of a result; absent: all of it. */
  readonly patientView?: (result: JsonObject) => JsonObject;
  /** What analysts see of a result that is about nobody; absent: neither result nor summary. */
  readonly analystView?: (result: JsonObject) => JsonObject;
  /** The outcome that a summary of the kind begins with, shown by itself to whoever sees the summary; absent: it has none. */
  readonly outcomeIn?: (summary: string) => string | undefined;
  /** What a professional may release of a result to the patient, and how it is told then; absent: nothing. */
  readonly release?: {
    readonly ids: (result: JsonObject) => readonly string[];
    readonly view: (result: JsonObject, release: Release) => JsonObject;
  };
  /** A body that succeeds on a fresh stack, for documentation, contract tests and the demo. */
  readonly example: Payload;
}

/** A kind as the engine sees it: its payload's type is closed over, so neither casts nor switches are needed. */
export type JobKind = Omit<
  JobKindSpec<never>,
  'userIdOf' | 'factKeys' | 'rules' | 'storage' | 'process' | 'answersFor' | 'example'
> & {
  readonly example: JsonObject;
  readonly answersFor?: Pick<AnswersFor<never>, 'closed'>;
  /** Everything that depends on the payload, bound to one payload that has passed the schema. */
  readonly open: (payload: JsonObject) => OpenedJob;
};

export interface OpenedJob {
  readonly userId: string | undefined;
  readonly factKeys: (refs: Refs) => readonly RecordKey<'user' | 'medication' | 'schedule'>[];
  readonly rules: (facts: Facts) => Ruling<JsonObject>;
  readonly storage: readonly Problem[] | undefined;
  readonly process: (job: Omit<JobView<never>, 'payload'>, world: World) => Promise<Done>;
  readonly answersFor: AnsweredRecord | undefined;
}

/**
 * Defines a job kind. Call it as `defineJobKind<Payload>()({...})`, where `Payload` is the concrete
 * `FromSchema<typeof schema>` of the kind's own schema file.
 */
export const defineJobKind =
  <Payload extends JsonObject>() =>
  (spec: JobKindSpec<Payload>): JobKind => {
    const { userIdOf, factKeys, rules, storage, process, answersFor, example, ...open } = spec;
    return {
      ...open,
      ...(answersFor && { answersFor: { closed: answersFor.closed } }),
      example,
      open: (json) => {
        const payload = payloadOf<Payload>(json);
        return {
          userId: userIdOf(payload),
          factKeys: (refs) => factKeys(payload, refs),
          rules: (facts) => rules(payload, facts),
          storage: storage?.(payload),
          process: (job, world) => process({ ...job, payload }, world),
          answersFor: answersFor?.of(payload),
        };
      },
    };
  };

/** A stored payload for who knows of which kind it is. Accepted by the very schema that this type is derived from, and
 * unchanged since: it is stored authenticated. */
export const payloadOf = <Payload extends JsonObject>(json: JsonObject): Payload => json as Payload;

/** The record as one of that type, `undefined` when nothing stands: narrows what a mixed `readMany` answered. */
export const recordOf = <T extends RecordType>(
  type: T,
  record: StoredRecord<RecordType> | undefined,
): StoredRecord<T> | undefined => (isRecordOf(type, record) ? record : undefined);

const isRecordOf = <T extends RecordType>(
  type: T,
  record: StoredRecord<RecordType> | undefined,
): record is StoredRecord<T> => record?.type === type;
