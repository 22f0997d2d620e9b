/** `first_request`: nobody has set it, it is the one that the user's first reminder named. */
type HomeZoneSource = 'preferences' | 'first_request';

/** A user's zones, as far as they are known. */
export interface UserZones {
  /** At home. */
  readonly timeZone?: string;
  /** Who named that one; absent: see `homeZoneSource`. */
  readonly timeZoneSource?: HomeZoneSource;
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

/**
 * Where the zone at home comes from; `undefined` when none is known. Records from before it was kept: whoever had set
 * preferences had set the zone with them.
 */
export function homeZoneSource(user: UserZones): HomeZoneSource | undefined {
  if (user.timeZone === undefined) return undefined;
  return user.timeZoneSource ?? (user.preferences ? 'preferences' : 'first_request');
}

/** Whether schedules that name no zone are read in one that nobody has set. */
export const followsFirstRequest = (user: UserZones): boolean =>
  homeZoneSource(user) === 'first_request' && followedTimeZone(user) === user.timeZone;
