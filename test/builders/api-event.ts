import type { APIGatewayProxyEvent, Context } from 'aws-lambda';

export interface ApiEventOptions {
  readonly method?: string;
  /** Template below the prefix, such as `/jobs/{job_id}`. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that stand several times: API Gateway keeps all their values in a list of their own. */
  readonly repeatedHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: unknown;
  /** Body as text, instead of `body`. */
  readonly rawBody?: string;
  readonly base64?: boolean;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
}

/** A request as API Gateway's proxy integration hands it over. */
export function apiEvent(options: ApiEventOptions = {}): APIGatewayProxyEvent {
  const { method = 'POST', path = '/jobs/refill-check', base64 = false } = options;
  const text = options.rawBody ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const body = text === null ? {} : { 'Content-Type': 'application/json' };
  const resource = path.startsWith('/{') ? path : `/api/v1${path}`;
  const query = options.query && Object.entries(options.query).map(([name, values]) => [name, [...values]]);
  const repeated = Object.entries(options.repeatedHeaders ?? {});
  const event = {
    httpMethod: method,
    resource,
    path: resource,
    headers: {
      ...body,
      ...options.headers,
      ...Object.fromEntries(repeated.map(([name, values]) => [name, values.at(-1)])),
    },
    multiValueHeaders: Object.fromEntries(repeated.map(([name, values]) => [name, [...values]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: query ? Object.fromEntries(query) : null,
    pathParameters: options.pathParameters ?? null,
    stageVariables: null,
    body: text !== null && base64 ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded: base64,
    requestContext: { requestId: 'c0ffee00-0000-4000-8000-000000000001', httpMethod: method },
  };
  // The members of the request context that nobody reads are left out.
  return event as unknown as APIGatewayProxyEvent;
}

/** A context with plenty of time. */
export const lambdaContext = (remainingMs = 10_000): Context =>
  // Only the remaining time is read.
  ({ getRemainingTimeInMillis: () => remainingMs }) as unknown as Context;
