import type { JobKind } from '../jobs/define-job-kind.ts';
import type {
  Archive,
  EventReader,
  OutcomeReader,
  Publisher,
  RecordReader,
  ReferenceSource,
  RestoreDrill,
  TableExports,
  WorldSettings,
} from '../jobs/ports.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { Timing } from '../lifecycle/priority.ts';
import type { BreakGlassStore, EmergencyGrants, OverdueReviews, PatientGrants } from './break-glass-ports.ts';
import type { BulkActions } from './bulk-ports.ts';
import type { OpenJobs, PastDoses, PriorityPauses, WorkerIntake } from './pause-ports.ts';
import type {
  AuditLog,
  BodyForms,
  ChannelState,
  DueBuckets,
  JobQueue,
  JobStore,
  KeyedHashes,
  KeyStates,
  LatestBackup,
  Log,
  MetricSink,
  RandomSource,
  ScheduleStore,
  TickQueue,
} from './ports.ts';
import type { RecallIndex, ReleaseStore } from './recall-ports.ts';
import type { EraseStore, PseudonymsOf, SubjectTrail } from './rights-ports.ts';

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
  /** Absent: full backups are made by a scan of our own. */
  readonly exports?: TableExports;
  readonly drill: RestoreDrill;
  readonly reference: ReferenceSource;
  readonly publisher: Publisher;
  readonly channels: ChannelState;
  readonly pauses: PriorityPauses;
  readonly intake: WorkerIntake;
  readonly openJobs: OpenJobs;
  readonly pastDoses: PastDoses;
  readonly bulkActions: BulkActions;
  readonly recall: RecallIndex;
  readonly releases: ReleaseStore;
  readonly breakGlass: BreakGlassStore;
  readonly emergencyGrants: EmergencyGrants;
  readonly patientGrants: PatientGrants;
  readonly overdueReviews: OverdueReviews;
  readonly latestBackup: LatestBackup;
  readonly keyStates: KeyStates;
  readonly erasing: EraseStore;
  readonly pseudonymsOf: PseudonymsOf;
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
  /** Jobs that were asked for about one user and have not ended; absent: any number. */
  readonly userJobLimit?: number;
  /** Whole years after the last thing that was recorded of a user for which the records must be kept; absent: none. */
  readonly recordRetentionYears?: number;
}
