import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Exchange } from './exchange.ts';

/** API Gateway's event. The outermost middleware adds what is known about the request from then on. */
export type ApiEvent = APIGatewayProxyEvent & { exchange?: Exchange };

/** A header's value; names are compared without regard to case. */
export function headerOf(event: ApiEvent, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const found = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === wanted);
  return found?.[1];
}

/** The methods that API Gateway lets through; what else a caller may invent is not repeated. */
const METHODS: ReadonlySet<string> = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/**
 * `METHOD /template`: the resource as it is declared, never the path that was sent, which would carry ids. So there are
 * as many routes as the API declares, whatever callers send.
 */
export const routeOf = ({ httpMethod, resource }: ApiEvent): string =>
  `${METHODS.has(httpMethod) ? httpMethod : 'OTHER'} ${resource}`;
