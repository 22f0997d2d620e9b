import { followedTimeZone, isOtherZone, tzdataVersion } from '../../clinical/index.ts';
import type { ScheduleBody, StoredRecord, UserBody } from '../ports.ts';

/**
 * The zone in which a schedule is to be read from now on, when it is another one than now: that of the user, unless the
 * request named one itself. A zone of the deployment gives way, too: it only stood in for the user's.
 */
export function zoneToFollow(body: ScheduleBody, user: UserBody | undefined): string | undefined {
  const zone = user && followedTimeZone(user);
  if (zone === undefined || (body.timeZoneSource ?? 'request') === 'request') return undefined;
  return isOtherZone(body, zone) ? zone : undefined;
}

/** Whether a schedule that goes on is read in a zone, or by zone data, that no longer hold. */
export const isOutdated = ({ state, body }: StoredRecord<'schedule'>, user: UserBody | undefined): boolean =>
  state.status === 'active' &&
  state.nextDueAt !== null &&
  (body.tzdataVersion !== tzdataVersion() || zoneToFollow(body, user) !== undefined);
