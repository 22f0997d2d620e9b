import { homeZoneSource } from '../clinical/index.ts';
import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { UserBody } from '../jobs/ports.ts';
import type { Role } from '../lifecycle/role.ts';
import { aboutPatient } from './about-patient.ts';
import type { PreferencesBody } from './bodies/preferences.ts';
import { grantChanges, newGrantees, sameGrants } from './caregiver-grants.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { type FollowDeps, sendFollowers } from './follow-dose.ts';
import type { Tagged } from './get-preferences.ts';
import { DEFAULT_PREFERENCES, preferencesView } from './preferences-view.ts';
import { readPreferences } from './read-preferences.ts';
import { pendingUpdate, scheduleUpdates } from './schedule-updates.ts';
import { changedMeanwhile, demandVersion, entityTag } from './version-precondition.ts';

/** Who gives or takes a caregiver's rights: the patient, or the application that the patient uses. */
const CONSENTING: readonly Role[] = ['patient', 'service'];
const TRIES = 3;

/**
 * Replaces the preferences of one user as a whole, with its audit entry in the same transaction. Once preferences were
 * set, the caller has to name the version that is replaced, so that of two people neither undoes the other unseen. When
 * the user follows another zone from now on, the same transaction makes the job that has the schedules follow it.
 * @param target.ifMatch tags of the header `If-Match`
 * @throws ProblemError `forbidden`, `invalid_input`, `precondition_failed`, `precondition_required`, `state_conflict`
 */
export async function putPreferences(
  deps: Pick<Engine, 'schedules' | 'records' | 'refs'> & FollowDeps,
  caller: Caller,
  target: { readonly userId: string; readonly ifMatch?: readonly string[] | undefined },
  body: PreferencesBody,
  request: RequestContext,
): Promise<Tagged> {
  const { owner, role, entry } = await aboutPatient(deps, 'putPreferences', caller, target.userId, request);
  const key = { type: 'user', owner, id: '' } as const;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await deps.schedules.read(key);
    const before = stored?.body.preferences ?? DEFAULT_PREFERENCES;
    demandVersion(target.ifMatch, stored?.version ?? 0, stored?.body.preferences !== undefined);
    const wished = readPreferences(body, before, request.receivedAt);
    const grantsChanged = !sameGrants(before.caregivers, wished.preferences.caregivers);
    if (grantsChanged && !CONSENTING.includes(role))
      throw new ProblemError('forbidden', 'Only the patient may give or take what caregivers may do.');
    const next: UserBody = {
      ...keptBy(stored?.body),
      userId: target.userId,
      ...wished,
      statedAt: request.receivedAt,
    };
    const evidence = entry('preferences.changed', {
      version: (stored?.version ?? 0) + 1,
      caregivers_changed: grantsChanged,
      ...(grantsChanged && grantChanges(wished.preferences.caregivers, before.caregivers)),
      caregivers: wished.preferences.caregivers.filter(({ revokedAt }) => revokedAt === undefined).length,
      follow: wished.preferences.follow,
      message_names_medication: wished.preferences.messageNamesMedication,
    });
    const grantees = newGrantees(wished.preferences.caregivers, before.caregivers).map(deps.refs.user);
    const expect = stored?.version ?? ('absent' as const);
    const write = { ...key, expect, state: {}, body: next, grantees };
    const version = (stored?.version ?? 0) + 1;
    const jobs = scheduleUpdates(deps, { owner, before: stored?.body, after: next, version, request });
    if ((await deps.schedules.commit([write], jobs, [evidence])) === 'committed') {
      await sendFollowers(deps, jobs, request.receivedAt);
      const shown = preferencesView(target.userId, { type: 'user', id: '', version, state: {}, body: next });
      return { body: { ...shown, ...pendingUpdate(jobs) }, tag: entityTag(version) };
    }
    // The version that the caller named has just been replaced by somebody else.
    if (target.ifMatch) throw changedMeanwhile();
  }
  throw new ProblemError('state_conflict', 'The preferences are changing right now; try again.');
}

/**
 * What a change of the preferences leaves as it is. A zone that nobody has set is no preference that could be left out: it
 * stays until one is set, or reminders without a zone would move into the deployment's.
 */
function keptBy(before: UserBody | undefined): Partial<UserBody> {
  if (!before) return {};
  const { timeZone, timeZoneSource: _written, ...kept } = before;
  if (timeZone === undefined || homeZoneSource(before) !== 'first_request') return kept;
  return { ...kept, timeZone, timeZoneSource: 'first_request' };
}
