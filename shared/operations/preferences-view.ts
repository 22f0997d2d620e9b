import { followedTimeZone, homeZoneSource } from '../clinical/index.ts';
import type { CaregiverGrant, JsonObject, Preferences, StoredRecord } from '../jobs/ports.ts';

/** What holds for a user who has set nothing. */
export const DEFAULT_PREFERENCES: Preferences = {
  follow: 'home',
  channels: [],
  messageNamesMedication: false,
  caregivers: [],
};

/** Preferences as the API shows them, every default filled in. A zone that is not known is `null`. */
export function preferencesView(userId: string, user: StoredRecord<'user'> | undefined): JsonObject {
  const preferences = user?.body.preferences ?? DEFAULT_PREFERENCES;
  return {
    user_id: userId,
    version: user?.version ?? 0,
    time_zone: user?.body.timeZone ?? null,
    time_zone_source: (user && homeZoneSource(user.body)) ?? null,
    current_time_zone: preferences.currentTimeZone ?? null,
    follow: preferences.follow,
    followed_time_zone: (user && followedTimeZone(user.body)) ?? null,
    meal_times: { ...preferences.mealTimes },
    quiet_hours: preferences.quietHours ? { ...preferences.quietHours } : null,
    channels: preferences.channels,
    message_names_medication: preferences.messageNamesMedication,
    caregivers: preferences.caregivers.map((grant) => ({
      caregiver_id: grant.caregiverId,
      ...grantTerms(grant),
    })),
  };
}

/** What was consented to, and for how long, as the API shows it. */
export const grantTerms = (grant: CaregiverGrant): JsonObject => ({
  scope: grant.scopes,
  consented_at: grant.consentedAt,
  start: grant.start,
  ...(grant.end !== undefined && { end: grant.end }),
  ...(grant.revokedAt !== undefined && { revoked_at: grant.revokedAt }),
});
