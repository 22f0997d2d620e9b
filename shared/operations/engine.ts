import type { JobKind } from '../jobs/define-job-kind.ts';
import type {
  Archive,
  EventReader,
  OutcomeReader,
  Publisher,
  RecordReader,
  ReferenceSource,
  RestoreDrill,
  WorldSettings,
} from '../jobs/ports.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { Timing } from '../lifecycle/priority.ts';
import type { BreakGlassStore, EmergencyGrants, OverdueReviews } from './break-glass-ports.ts';
import type { BulkActions } from './bulk-ports.ts';
import type { OpenJobs, PriorityPauses, WorkerIntake } from './pause-ports.ts';
import type {
  AuditLog,
  BodyForms,
  ChannelState,
  DueBuckets,
  JobQueue,
  JobStore,
  KeyedHashes,
  LatestBackup,
  Log,
  MetricSink,
  RandomSource,
  ScheduleStore,
  TickQueue,
} from './ports.ts';
import type { RecallIndex, ReleaseStore } from './recall-ports.ts';
import type { Actors, EraseStore, Subjects, SubjectTrail } from './rights-ports.ts';

/**
 * Everything that operations need of the world. Each operation takes a `Pick` of it; a function's composition root
 * builds no more than its operations ask for.
 */
export interface Engine {
  readonly store: JobStore;
  readonly audit: AuditLog;
  readonly queue: JobQueue;
  readonly tickQueue: TickQueue;
  readonly records: RecordReader;
  readonly schedules: ScheduleStore;
  readonly dueBuckets: DueBuckets;
  readonly refs: KeyedHashes;
  readonly outcomes: OutcomeReader;
  readonly events: EventReader;
  readonly archive: Archive;
  readonly drill: RestoreDrill;
  readonly reference: ReferenceSource;
  readonly publisher: Publisher;
  readonly channels: ChannelState;
  readonly pauses: PriorityPauses;
  readonly intake: WorkerIntake;
  readonly openJobs: OpenJobs;
  readonly bulkActions: BulkActions;
  readonly recall: RecallIndex;
  readonly releases: ReleaseStore;
  readonly breakGlass: BreakGlassStore;
  readonly emergencyGrants: EmergencyGrants;
  readonly overdueReviews: OverdueReviews;
  readonly latestBackup: LatestBackup;
  readonly erasing: EraseStore;
  readonly subjects: Subjects;
  readonly actors: Actors;
  readonly subjectTrail: SubjectTrail;
  readonly kinds: ReadonlyMap<string, JobKind>;
  readonly forms: BodyForms;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly metrics: MetricSink;
  readonly log: Log;
  readonly timing: Timing;
  readonly settings: Settings;
  /** Wraps an attempt's work. Does nothing in production; the laptop stack injects its faults here. */
  readonly aroundProcess: <T>(kind: string, work: () => Promise<T>) => Promise<T>;
}

/** What the deployer said. Attempts get the same as requests. */
export interface Settings extends WorldSettings {
  /** Whether professionals may release findings to patients; absent: they may not. */
  readonly patientRelease?: boolean;
  /** How long emergency access lasts at most; absent: as long as any deployment may allow. */
  readonly breakGlassMinutes?: number;
  /** Whole years after the last thing that was recorded of a user for which the records must be kept; absent: none. */
  readonly recordRetentionYears?: number;
}
