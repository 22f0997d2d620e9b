/** Metrics that attempts add to by name, beside those of every job. */
export const WORK_COUNTS = [
  'reminders_published',
  'reminders_on_time',
  'reminders_late',
  'reminders_possible_duplicate',
  'reminders_not_sent',
  'follow_ups_published',
  'escalations_published',
  'escalations_without_caregiver',
  'supply_changes_told',
  'supply_changes_possible_duplicate',
  'refill_checks_out',
  'refill_checks_now',
  'refill_checks_soon',
  'refill_checks_ok',
  'refill_checks_not_known',
  'findings_contraindicated',
  'findings_major',
  'findings_moderate',
  'findings_minor',
  'interaction_checks_incomplete',
  'restore_drills_passed',
  'restore_rto_seconds',
  'restore_rpo_seconds',
  'default_time_zone_used',
] as const;

/**
 * What an attempt counts beside its own end; the engine adds it to the metrics once the end is committed. Of a share 1 and 0
 * are written, so that its average is the rate; what is not named is not written.
 */
export type WorkCounts = { readonly [name in (typeof WORK_COUNTS)[number]]?: number };
