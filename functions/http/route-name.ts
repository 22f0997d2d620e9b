import { API_PREFIX, ROUTES, type RouteName } from '#shared/contract/routes.ts';
import { type ApiEvent, routeOf } from './api-event.ts';

/** The route that API Gateway matched, by method and template; `undefined` for any other one. */
export const routeNameOf = (event: ApiEvent): RouteName | undefined => BY_TEMPLATE.get(routeOf(event));

const BY_TEMPLATE: ReadonlyMap<string, RouteName> = new Map(
  (Object.keys(ROUTES) as RouteName[]) // the keys of this very constant
    .map((name) => [`${ROUTES[name].method} ${API_PREFIX}${ROUTES[name].path}`, name]),
);
