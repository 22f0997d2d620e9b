import type { Caller } from '../evidence/caller.ts';
import { aboutPatient } from './about-patient.ts';
import { careTeamView } from './care-team-view.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import type { Tagged } from './get-preferences.ts';
import { recordRead } from './record-read.ts';
import { entityTag } from './version-precondition.ts';

/**
 * Which clinicians and pharmacists a user lets do what. The audit entry is written before the answer.
 * @throws ProblemError `forbidden`, `read_not_recorded`
 */
export async function getCareTeam(
  deps: Pick<Engine, 'records' | 'audit' | 'refs' | 'random'>,
  caller: Caller,
  target: { readonly userId: string },
  request: RequestContext,
): Promise<Tagged> {
  const { owner, entry } = await aboutPatient(deps, 'getCareTeam', caller, target.userId, request);
  const [team] = await deps.records.readMany([{ type: 'careTeam', owner, id: '' }]);
  await recordRead(deps, entry('care_team.read', { version: team?.version ?? 0 }));
  return { body: careTeamView(target.userId, team), tag: entityTag(team?.version ?? 0) };
}
