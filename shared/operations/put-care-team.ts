import { type Problem, ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import { aboutPatient } from './about-patient.ts';
import type { CareTeamWishes } from './bodies/care-team.ts';
import { careTeamView } from './care-team-view.ts';
import { grantChanges, newGrantees, readGrants } from './caregiver-grants.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import type { Tagged } from './get-preferences.ts';
import { changedMeanwhile, demandVersion, entityTag } from './version-precondition.ts';

const TRIES = 3;

/**
 * Replaces the list of those whom a user lets treat them, with its audit entry in the same transaction. What is revoked
 * here holds for the next request. Once a list stands, the caller has to name the version that is replaced.
 * @param target.ifMatch tags of the header `If-Match`
 * @throws ProblemError `forbidden`, `invalid_input`, `precondition_failed`, `precondition_required`, `state_conflict`
 */
export async function putCareTeam(
  deps: Pick<Engine, 'schedules' | 'records' | 'refs' | 'random'>,
  caller: Caller,
  target: { readonly userId: string; readonly ifMatch?: readonly string[] | undefined },
  wishes: CareTeamWishes,
  request: RequestContext,
): Promise<Tagged> {
  const { userId, ifMatch } = target;
  const { owner, entry } = await aboutPatient(deps, 'putCareTeam', caller, userId, request);
  const key = { type: 'careTeam', owner, id: '' } as const;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await deps.schedules.read(key);
    demandVersion(ifMatch, stored?.version ?? 0, stored !== undefined);
    const problems: Problem[] = [];
    const bodies = wishes.care_team.map(({ member_id, ...rest }) => ({ caregiver_id: member_id, ...rest }));
    const before = stored?.body.members ?? [];
    const members = readGrants(bodies, before, request.receivedAt, problems, '/care_team');
    if (problems.length > 0)
      throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
        problems,
      });
    const version = (stored?.version ?? 0) + 1;
    const evidence = entry('care_team.changed', {
      version,
      members: members.filter(({ revokedAt }) => revokedAt === undefined).length,
      revoked: members.filter(({ revokedAt }) => revokedAt !== undefined).length,
      ...changesOf(members, before),
    });
    const body = { userId, members, statedAt: request.receivedAt };
    const grantees = newGrantees(members, before).map(deps.refs.user);
    const write = { ...key, expect: stored?.version ?? ('absent' as const), state: {}, body, grantees };
    if ((await deps.schedules.commit([write], [], [evidence])) === 'committed')
      return { body: careTeamView(userId, { version, body }), tag: entityTag(version) };
    // The version that the caller named has just been replaced by somebody else.
    if (ifMatch) throw changedMeanwhile();
  }
  throw new ProblemError('state_conflict', 'The care team is changing right now; try again.');
}

/** Beside how many were revoked in all: what this change gave, and took. */
function changesOf(...lists: Parameters<typeof grantChanges>) {
  const { granted, narrowed, revoked } = grantChanges(...lists);
  return { granted, narrowed, revoked_now: revoked };
}
