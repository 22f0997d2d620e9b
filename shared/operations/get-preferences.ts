import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { aboutPatient } from './about-patient.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { preferencesView } from './preferences-view.ts';
import { recordRead } from './record-read.ts';
import { entityTag } from './version-precondition.ts';

/** What is shown, and its tag for `ETag`. */
export interface Tagged {
  readonly body: JsonObject;
  readonly tag: string;
}

/**
 * The preferences of one user, defaults included. A user of whom nothing stands has the defaults. The audit entry is
 * written before the answer: a read that leaves none is refused.
 * @throws ProblemError `forbidden`, `read_not_recorded`
 */
export async function getPreferences(
  deps: Pick<Engine, 'records' | 'audit' | 'refs' | 'random'>,
  caller: Caller,
  target: { readonly userId: string },
  request: RequestContext,
): Promise<Tagged> {
  const { owner, entry } = await aboutPatient(deps, 'getPreferences', caller, target.userId, request);
  const [user] = await deps.records.readMany([{ type: 'user', owner, id: '' }]);
  await recordRead(deps, entry('preferences.read', { version: user?.version ?? 0 }));
  return { body: preferencesView(target.userId, user), tag: entityTag(user?.version ?? 0) };
}
