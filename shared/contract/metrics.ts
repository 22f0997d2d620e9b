/**
 * Namespace of a stage's metrics: two stages in one account must not add up.
 * Dimensions are `kind` and `priority` only, never an id.
 */
export const metricsNamespace = (stage: string): string => `MedicationJobs/${stage}`;
export const METRICS_SERVICE = 'medication-jobs';

export const METRICS = {
  /** Milliseconds of one attempt (worker) by kind and priority. */
  executionTime: 'execution_time',
  /** 0 or 1 per ended job: its average is the rate. */
  successRate: 'success_rate',
  /** 0 or 1 per attempt: its average is the rate. */
  errorRate: 'error_rate',
  /** Attempts after the first, per ended attempt that will be retried. */
  retryCount: 'retry_count',
  /** Milliseconds between the due time and the first attempt. Dimension: priority. */
  queueWait: 'queue_wait',
  /** Milliseconds of one API request. */
  requestTime: 'request_time',
  /** 0 or 1 per API request (1: answered 5xx). */
  requestErrorRate: 'request_error_rate',
  /** Requests that were answered 4xx. */
  refusals: 'refusals',
  /** The same by the step that refused. */
  refusedAuthenticate: 'refusals_authenticate',
  refusedAuthorize: 'refusals_authorize',
  refusedValidateInput: 'refusals_validate_input',
  refusedVerifyCompliance: 'refusals_verify_compliance',
  refusedApplyBusinessRules: 'refusals_apply_business_rules',
  refusedRecordAcceptance: 'refusals_record_acceptance',
  /** Requests to AWS per invocation, of all functions; repetitions by the SDK included. */
  awsCalls: 'aws_calls',
  /** Those of them that went to KMS. */
  kmsCalls: 'kms_calls',
  /** Queue messages that could not be read and were deleted. */
  malformedMessages: 'malformed_messages',
  deadLetters: 'dead_letters',
  repairs: 'reconciler_repairs',
  duplicateDeliveries: 'duplicate_deliveries',
  discardedAttempts: 'discarded_attempts',
  enqueueFailures: 'enqueue_failures',
  /** 1 per run or queue message that threw, per row of a list that cannot be read, and per value that is no number: Lambda does not count what is handed back as an item failure. */
  runFailures: 'run_failures',
  /** Seconds by which the oldest unfinished job of a priority is overdue; 0 when none is. Dimension: priority. */
  oldestOverdue: 'oldest_overdue',
  tickLag: 'tick_lag',
  /** Seconds since the end of the last audit hour that is sealed, each hour. */
  sealLag: 'seal_lag',
  /** Audit entries that were written after their hour had been sealed. */
  lateEntries: 'late_audit_entries',
  /** Items of the audit table that are no entries; they are sealed by their hashes. */
  malformedEntries: 'malformed_audit_entries',
  remindersPublished: 'reminders_published',
  /** 1 per dose that was told on time, 0 per dose that was told late or, for a reason of ours, not at all: its average is the rate. */
  remindersOnTime: 'reminders_on_time',
  remindersLate: 'reminders_late',
  remindersNotSent: 'reminders_not_sent',
  remindersPossibleDuplicate: 'reminders_possible_duplicate',
  /** Messages after the first one of a dose, also those that a person asked for by a snooze. */
  followUpsPublished: 'follow_ups_published',
  /** Messages to caregivers about a dose. */
  escalationsPublished: 'escalations_published',
  /** Escalations that were wanted when no caregiver's consent held. */
  escalationsWithoutCaregiver: 'escalations_without_caregiver',
  /** Confirmed subscriptions of the topic, each minute: 0 means that nobody hears of a dose. */
  confirmedSubscriptions: 'confirmed_subscriptions',
  /** Jobs that ended although the record that they answered for could not be closed. */
  recordsLeftOpen: 'records_left_open',
  /** Events about a changed urgency of a supply that were published. */
  supplyChangesTold: 'supply_changes_told',
  supplyChangesPossibleDuplicate: 'supply_changes_possible_duplicate',
  /** Refill checks by the urgency that they found. */
  refillChecksOut: 'refill_checks_out',
  refillChecksNow: 'refill_checks_now',
  refillChecksSoon: 'refill_checks_soon',
  refillChecksOk: 'refill_checks_ok',
  refillChecksNotKnown: 'refill_checks_not_known',
  /** Findings of interaction checks by level. */
  findingsContraindicated: 'findings_contraindicated',
  findingsMajor: 'findings_major',
  findingsModerate: 'findings_moderate',
  findingsMinor: 'findings_minor',
  /** 0 or 1 per interaction check (1: incomplete or failed): its average is the rate. */
  interactionChecksIncomplete: 'interaction_checks_incomplete',
  /** Users of whom nothing can be read any more, each run of the erasure. */
  usersErased: 'users_erased',
  /** Looks for reference data that found a pack which cannot be used. */
  referenceUnusable: 'reference_unusable',
  /** Seconds since what the newest backup holds, each minute. */
  backupAge: 'backup_age',
  /** Keys of the deployment that are disabled, about to be deleted or gone, each minute. */
  keysUnusable: 'keys_unusable',
  /** Of a restore drill: 1 when what it restored was what the backup says, else 0. */
  restoreDrillsPassed: 'restore_drills_passed',
  /** Seconds from its start until all was restored and compared, of a drill that passed. */
  restoreRto: 'restore_rto_seconds',
  /** How old the newest change that it restored was at its start, in seconds. */
  restoreRpo: 'restore_rpo_seconds',
  /** Seconds since a drill last passed, each minute. */
  restoreDrillAge: 'restore_drill_age',
  /** Grants of emergency access of the last quarter of an hour, counted from what stands each minute. */
  breakGlassOpened: 'break_glass_opened',
  /** Emergency accesses that nobody has judged in time, each minute. */
  breakGlassOverdue: 'break_glass_reviews_overdue',
  defaultTimeZoneUsed: 'default_time_zone_used',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];
