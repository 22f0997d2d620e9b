import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { ifMatchOf } from '#functions/http/if-match.ts';
import { pathId } from '#functions/http/path-id.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { validBody } from '#functions/http/valid-body.ts';
import type { ROUTES, RouteName } from '#shared/contract/routes.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { acknowledgeReminder } from '#shared/operations/acknowledge-reminder.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { getCareTeam } from '#shared/operations/get-care-team.ts';
import { getPreferences, type Tagged } from '#shared/operations/get-preferences.ts';
import { listMedications } from '#shared/operations/list-medications.ts';
import { listReminders } from '#shared/operations/list-reminders.ts';
import { putCareTeam } from '#shared/operations/put-care-team.ts';
import { putMedication } from '#shared/operations/put-medication.ts';
import { putPreferences } from '#shared/operations/put-preferences.ts';
import { reportDelivery } from '#shared/operations/report-delivery.ts';
import { stopMedication } from '#shared/operations/stop-medication.ts';
import { readReminderQuery } from './reminder-query.ts';

export type RecordsDeps = Pick<
  Engine,
  | 'schedules'
  | 'records'
  | 'emergencyGrants'
  | 'audit'
  | 'refs'
  | 'random'
  | 'kinds'
  | 'queue'
  | 'metrics'
  | 'log'
>;

/** A request whose token and `user_id` have been read. */
export interface UserRequest {
  readonly event: ApiEvent;
  readonly exchange: Exchange;
  readonly caller: Caller;
  readonly userId: string;
}

/** The second half of a route: everything of the request has been read, and now it is done. */
type Ready = () => Promise<ApiAnswer>;
type Route = (deps: RecordsDeps, request: UserRequest) => Ready;
type UsersRoute = { [R in RouteName]: (typeof ROUTES)[R]['family'] extends 'users' ? R : never }[RouteName];

const tagged = ({ body, tag }: Tagged): ApiAnswer => jsonAnswer(200, body, { etag: tag });

/** Each route reads what belongs to it and hands it to its operation, which decides who may do it. */
export const USERS_ROUTES = {
  listReminders: (deps, { event, exchange, caller, userId }) => {
    refuseBody(event);
    const query = readReminderQuery(event);
    return async () => jsonAnswer(200, await listReminders(deps, caller, { userId, query }, exchange));
  },
  acknowledgeReminder: (deps, { event, exchange, caller, userId }) => {
    const target = { userId, reminderId: pathId(event, 'reminder_id') };
    const body = validBody(event, 'acknowledgeReminder');
    return async () => jsonAnswer(200, await acknowledgeReminder(deps, caller, target, body, exchange));
  },
  reportDelivery: (deps, { event, exchange, caller, userId }) => {
    const target = { userId, reminderId: pathId(event, 'reminder_id') };
    const body = validBody(event, 'reportDelivery');
    return async () => jsonAnswer(200, await reportDelivery(deps, caller, target, body, exchange));
  },
  getPreferences: (deps, { event, exchange, caller, userId }) => {
    refuseBody(event);
    return async () => tagged(await getPreferences(deps, caller, { userId }, exchange));
  },
  putPreferences: (deps, { event, exchange, caller, userId }) => {
    const target = { userId, ifMatch: ifMatchOf(event) };
    const body = validBody(event, 'putPreferences');
    return async () => tagged(await putPreferences(deps, caller, target, body, exchange));
  },
  getCareTeam: (deps, { event, exchange, caller, userId }) => {
    refuseBody(event);
    return async () => tagged(await getCareTeam(deps, caller, { userId }, exchange));
  },
  putCareTeam: (deps, { event, exchange, caller, userId }) => {
    const target = { userId, ifMatch: ifMatchOf(event) };
    const body = validBody(event, 'putCareTeam');
    return async () => tagged(await putCareTeam(deps, caller, target, body, exchange));
  },
  listMedications: (deps, { event, exchange, caller, userId }) => {
    refuseBody(event);
    return async () => jsonAnswer(200, await listMedications(deps, caller, { userId }, exchange));
  },
  putMedication: (deps, { event, exchange, caller, userId }) => {
    const target = { userId, medicationId: pathId(event, 'medication_id'), ifMatch: ifMatchOf(event) };
    const body = validBody(event, 'putMedication');
    return async () => tagged(await putMedication(deps, caller, target, body, exchange));
  },
  stopMedication: (deps, { event, exchange, caller, userId }) => {
    const target = { userId, medicationId: pathId(event, 'medication_id') };
    refuseBody(event);
    return async () => jsonAnswer(200, await stopMedication(deps, caller, target, exchange));
  },
} as const satisfies { readonly [R in UsersRoute]: Route };

/** The route of that name, `undefined` when it is not one of this function's. */
export const usersRoute = (name: RouteName | undefined): Route | undefined =>
  new Map<string | undefined, Route>(Object.entries(USERS_ROUTES)).get(name);
