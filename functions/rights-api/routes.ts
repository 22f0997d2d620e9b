import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { validBody } from '#functions/http/valid-body.ts';
import type { ROUTES, RouteName } from '#shared/contract/routes.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { decideErasure } from '#shared/operations/decide-erasure.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { exportUser } from '#shared/operations/export-user.ts';
import { getErasure } from '#shared/operations/get-erasure.ts';
import { listDisclosures } from '#shared/operations/list-disclosures.ts';
import { requestErasure } from '#shared/operations/request-erasure.ts';
import { revokeErasure } from '#shared/operations/revoke-erasure.ts';
import { readDisclosureQuery, readExportQuery } from './rights-query.ts';

export type RightsDeps = Pick<
  Engine,
  | 'store'
  | 'releases'
  | 'records'
  | 'schedules'
  | 'patientGrants'
  | 'erasing'
  | 'pseudonymsOf'
  | 'subjectTrail'
  | 'refs'
  | 'kinds'
  | 'settings'
  | 'audit'
  | 'random'
  | 'publisher'
>;

/** A request whose token and `user_id` have been read. */
interface UserRequest {
  readonly event: ApiEvent;
  readonly exchange: Exchange;
  readonly caller: Caller;
  readonly userId: string;
}

/** The second half of a route: everything of the request has been read, and now it is done. */
type Ready = () => Promise<ApiAnswer>;
type Route = (deps: RightsDeps, request: UserRequest) => Ready;
type RightsRoute = { [R in RouteName]: (typeof ROUTES)[R]['family'] extends 'rights' ? R : never }[RouteName];

const FHIR = { 'content-type': 'application/fhir+json' };

/** Each route reads what belongs to it and hands it to its operation, which decides who may do it. */
const RIGHTS_ROUTES = {
  exportUser: (deps, { event, exchange, caller, userId }) => {
    refuseBody(event);
    const query = readExportQuery(event);
    const headers = query.format === 'fhir' ? FHIR : {};
    return async () => jsonAnswer(200, await exportUser(deps, caller, { userId, query }, exchange), headers);
  },
  listDisclosures: (deps, { event, exchange, caller, userId }) => {
    refuseBody(event);
    const query = readDisclosureQuery(event);
    return async () => jsonAnswer(200, await listDisclosures(deps, caller, { userId, query }, exchange));
  },
  requestErasure: (deps, { event, exchange, caller, userId }) => {
    refuseBody(event);
    return async () => jsonAnswer(202, await requestErasure(deps, caller, { userId }, exchange));
  },
  getErasure: (deps, { event, exchange, caller, userId }) => {
    refuseBody(event);
    return async () => jsonAnswer(200, await getErasure(deps, caller, { userId }, exchange));
  },
  decideErasure: (deps, { event, exchange, caller, userId }) => {
    const body = validBody(event, 'decideErasure');
    return async () => jsonAnswer(200, await decideErasure(deps, caller, { userId }, body, exchange));
  },
  revokeErasure: (deps, { event, exchange, caller, userId }) => {
    refuseBody(event);
    return async () => jsonAnswer(200, await revokeErasure(deps, caller, { userId }, exchange));
  },
} as const satisfies { readonly [R in RightsRoute]: Route };

/** The route of that name, `undefined` when it is not one of this function's. */
export const rightsRoute = (name: RouteName | undefined): Route | undefined =>
  new Map<string | undefined, Route>(Object.entries(RIGHTS_ROUTES)).get(name);
