/** Sections of docs/runbook.md by the alarms that lead to them. A test checks that each stands there. */
export const RUNBOOK = {
  endpointErrors: 'endpoint-error-rate',
  endpointLatency: 'endpoint-latency',
  serverError: 'api-server-error',
  executionErrors: 'execution-error-rate',
  executionLatency: 'execution-latency',
  deadLetters: 'dead-letters',
  deadLettersStuck: 'dead-letters-stuck',
  overdueJobs: 'overdue-jobs',
  queueWait: 'queue-wait',
  tickLag: 'tick-lag',
  tickSilent: 'tick-silent',
  remindersLate: 'reminders-late',
  remindersNotSent: 'reminders-not-sent',
  reminderObjective: 'reminder-objective',
  noSubscribers: 'no-subscribers',
  roundFailing: 'round-failing',
  runsFailing: 'runs-failing',
  tickDeadLetters: 'tick-dead-letters',
  scheduleSilent: 'schedule-silent',
  lostEvents: 'lost-events',
  sealLate: 'seal-late',
  backupOld: 'backup-old',
  changeLogLate: 'change-log-late',
  breakGlass: 'break-glass',
  breakGlassOverdue: 'break-glass-review-overdue',
  trailMalformed: 'trail-malformed',
  referenceUnusable: 'reference-unusable',
  throttledFunctions: 'throttled-functions',
  concurrency: 'concurrency',
  recordsLeftOpen: 'records-left-open',
  apiFailing: 'api-failing',
  kindFailing: 'kind-failing',
} as const;

export type RunbookSection = (typeof RUNBOOK)[keyof typeof RUNBOOK];

export const runbookLink = (section: RunbookSection): string => `docs/runbook.md#${section}`;
