import { ROUTES } from '#shared/contract/routes.ts';
import type { Job } from './find-jobs.ts';
import { type OpsApi, objectsIn } from './ops-api.ts';

/** The four priorities as the API shows them. @throws RefusedError to whoever is neither operator nor admin */
export const prioritiesOf = async (api: OpsApi): Promise<readonly Job[]> =>
  objectsIn((await api('GET', ROUTES.listPriorities.path)).body, 'priorities');
