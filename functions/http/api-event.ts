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

/** `METHOD /template`: the resource as it is declared, never the URL, which would carry ids. */
export const routeOf = (event: ApiEvent): string => `${event.httpMethod} ${event.resource}`;
