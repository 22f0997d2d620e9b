/** What a patient may let a caregiver be told, see or do. */
export const CAREGIVER_SCOPES = [
  'see_reminders',
  'acknowledge_reminders',
  'see_supply',
  'see_interactions',
  'manage_medications',
  'manage_preferences',
  'receive_escalations',
] as const;

/** What a patient may let one of the care team see or do: what caregivers may, and what takes a profession. */
export const CARE_TEAM_SCOPES = [
  'see_reminders',
  'acknowledge_reminders',
  'see_supply',
  'see_interactions',
  'release_findings',
  'manage_medications',
  'manage_preferences',
] as const;

export type CareTeamScope = (typeof CARE_TEAM_SCOPES)[number];

export type CaregiverScope = (typeof CAREGIVER_SCOPES)[number];

/** Jobs by kind: the scope that lets a caregiver look at them. Of other kinds nothing is shown to caregivers with a grant. */
export const SCOPE_OF_KIND: { readonly [kind: string]: CaregiverScope } = {
  'medication-reminder': 'see_reminders',
  'reminder-delivery': 'see_reminders',
  'schedule-update': 'see_reminders',
  'refill-check': 'see_supply',
  'supply-monitor': 'see_supply',
  'interaction-check': 'see_interactions',
};

/** The scope that lets a caregiver order, cancel and retry jobs: checks that change nothing take what shows their result. */
export const orderScope = (kind: string): CaregiverScope | undefined =>
  SCOPE_OF_KIND[kind] === 'see_reminders' ? 'manage_medications' : SCOPE_OF_KIND[kind];
