/** A user's zones, as far as they are known. */
export interface UserZones {
  /** At home. */
  readonly timeZone?: string;
  readonly preferences?: {
    /** While travelling. */
    readonly currentTimeZone?: string;
    readonly follow: 'home' | 'current';
  };
}

/**
 * The zone in which a user wants schedules read that name none: the one at home, unless the user follows the present
 * stay and has said where that is.
 */
export function followedTimeZone(user: UserZones): string | undefined {
  const { timeZone, preferences } = user;
  return preferences?.follow === 'current' ? (preferences.currentTimeZone ?? timeZone) : timeZone;
}

/** The zone in which a user is, as far as they have said so: schedules need not follow it. */
export const presentTimeZone = ({ timeZone, preferences }: UserZones): string | undefined =>
  preferences?.currentTimeZone ?? timeZone;
