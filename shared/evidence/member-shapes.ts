/**
 * Members of an answer that may leave, by name: as they are (`true`), or only members of theirs; of a list those of each
 * item. A name with `?` stands for a member that some answers do not have.
 */
export interface Members {
  readonly [name: string]: true | Members;
}

/** A job beside its result. */
export const STATUS = {
  job_id: true,
  kind: true,
  status: true,
  priority: true,
  generation: true,
  created_at: true,
  due_at: true,
  'expires_at?': true,
  'next_attempt_at?': true,
  'lease_until?': true,
  'ended_at?': true,
  'error_code?': true,
  attempt_count: true,
  'parent_job_id?': true,
  links: true,
} as const satisfies Members;

/** Of jobs that ended a list of staff has the outcome only. */
export const ATTEMPTS = { attempt_limit: true, attempts: true } as const satisfies Members;
export const ATTEMPTS_LISTED = { 'attempt_limit?': true, 'attempts?': true } as const satisfies Members;

/** A sweep has a child for each patient that it orders a job about: analysts count none of them. */
export const CHILDREN = { 'child_job_ids?': true, 'open_children?': true } as const satisfies Members;

export const REMINDER = {
  reminder_id: true,
  medication_id: true,
  status: true,
  'preview?': true,
  'overdue?': true,
  due_at: true,
  'expires_at?': true,
  local_time: true,
  time_zone: true,
  slots: true,
  'reason?': true,
  'acknowledgement?': true,
  'snoozed_until?': true,
  'delivery?': true,
} as const satisfies Members;

export const MEDICATION = {
  medication_id: true,
  status: true,
  etag: true,
  reminders: true,
  recognition: true,
  'reason?': true,
  'ingredients?': true,
  'candidates?': true,
  'name?': true,
  'rxcui?': true,
  'dose_units?': true,
  'last_fill_date?': true,
  'days_supply?': true,
  'refills_left?': true,
  'issued_on?': true,
  'dea_schedule?': true,
  'discard_after_days?': true,
  'max_doses_per_day?': true,
  'last_count?': true,
} as const satisfies Members;

export const PREFERENCES = {
  user_id: true,
  version: true,
  time_zone: true,
  time_zone_source: true,
  current_time_zone: true,
  follow: true,
  followed_time_zone: true,
  meal_times: true,
  quiet_hours: true,
  channels: true,
  message_names_medication: true,
  caregivers: true,
} as const satisfies Members;

export const CARE_TEAM = { user_id: true, version: true, care_team: true } as const satisfies Members;

/** What a search across all patients tells an auditor of a result: where it is, and by which rules. */
export const RESULT_BY_CODES = {
  job_id: true,
  ended_at: true,
  'rules?': true,
  'data_set?': true,
  'content_gone?': true,
} as const satisfies Members;

/** How far a bulk action is: codes, counts and times. */
export const BULK_ACTION = {
  'bulk_action_id?': true,
  action: true,
  filter: true,
  dry_run: true,
  matched: true,
  'status?': true,
  'rate_per_second?': true,
  'created_at?': true,
  'updated_at?': true,
  'ended_at?': true,
  'by?': true,
  'progress?': true,
  'links?': true,
} as const satisfies Members;

export const PRIORITY = {
  priority: true,
  status: true,
  'since?': true,
  'by?': true,
} as const satisfies Members;

/** Entries of the trail hold no health data: keyed hashes, codes, times. As JSON, or as a Bundle of FHIR. */
export const AUDIT_PAGE = {
  'entries?': true,
  'unreadable_entries?': true,
  'next_cursor?': true,
  'resourceType?': true,
  'type?': true,
  'link?': true,
  'entry?': true,
} as const satisfies Members;

/** What was decided about an erasure: no health data, nobody's name. */
export const ERASURE = {
  user_id: true,
  status: true,
  'erasure_id?': true,
  'requested_at?': true,
  'confirm_by?': true,
  'confirmed_at?': true,
  'due_at?': true,
  'erased_at?': true,
  legal_hold: true,
} as const satisfies Members;

export const RECEIPT = {
  v: true,
  job_id: true,
  kind: true,
  status: true,
  generation: true,
  accepted_at: true,
  ended_at: true,
  'error_code?': true,
  'request?': true,
  chain: true,
  entries: true,
  proofs: true,
  seals: true,
} as const satisfies Members;

export const BREAK_GLASS_GRANT = {
  grant_id: true,
  status: true,
  role: true,
  reason_code: true,
  granted_at: true,
  expires_at: true,
  'ended_at?': true,
  review_due_at: true,
  'review?': true,
} as const satisfies Members;
