import type { JsonObject, StoredRecord } from '../jobs/ports.ts';
import { grantTerms } from './preferences-view.ts';

/** A care team as the API shows it; of a user who has set none it is empty. */
export const careTeamView = (
  userId: string,
  team: Pick<StoredRecord<'careTeam'>, 'version' | 'body'> | undefined,
): JsonObject => ({
  user_id: userId,
  version: team?.version ?? 0,
  care_team: (team?.body.members ?? []).map((grant) => ({
    member_id: grant.caregiverId,
    ...grantTerms(grant),
  })),
});
