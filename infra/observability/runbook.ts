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
  tickLag: 'tick-lag',
  tickSilent: 'tick-silent',
  remindersNotSent: 'reminders-not-sent',
  noSubscribers: 'no-subscribers',
  roundFailing: 'round-failing',
  runsFailing: 'runs-failing',
  tickDeadLetters: 'tick-dead-letters',
  lostEvents: 'lost-events',
  sealLate: 'seal-late',
  trailMalformed: 'trail-malformed',
  referenceUnusable: 'reference-unusable',
  throttledFunctions: 'throttled-functions',
} as const;

export type RunbookSection = (typeof RUNBOOK)[keyof typeof RUNBOOK];

export const runbookLink = (section: RunbookSection): string => `docs/runbook.md#${section}`;
