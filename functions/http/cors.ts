import type { MiddlewareObj } from '@middy/core';
import { type ApiAnswer, NO_CONTENT, type SentAnswer } from './api-answer.ts';
import { type ApiEvent, headerOf } from './api-event.ts';
import { CORRELATION_HEADER } from './correlation.ts';
import { ON_BEHALF_HEADER, PURPOSE_HEADER } from './declared-use.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** Headers of answers that a page may read beside those that browsers show anyway. */
const SHOWN = ['allow', 'etag', 'location', 'retry-after', CORRELATION_HEADER].join(', ');
/** Headers of requests that mean something here. */
const TAKEN = [
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  CORRELATION_HEADER,
  ON_BEHALF_HEADER.toLowerCase(),
  PURPOSE_HEADER.toLowerCase(),
].join(', ');
const KEEP_SECONDS = '600';

/**
 * Lets pages of the deployer's origins read answers; without any, no answer says a word about origins. Tokens travel in a
 * header, so credentials of the browser's own are never asked for.
 */
export function cors(origins: readonly string[]): MiddlewareObj<ApiEvent, SentAnswer> {
  const finish: MiddlewareObj<ApiEvent, SentAnswer>['after'] = (request) => {
    const { response } = request;
    if (!response || origins.length === 0) return;
    const origin = allowed(origins, request.event);
    const headers = {
      ...response.headers,
      vary: 'Origin',
      ...(origin !== undefined && {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': SHOWN,
      }),
    };
    request.response = { ...response, headers };
  };
  return { after: finish, onError: finish };
}

/**
 * What a browser asks before it sends a page's request to one of `methods`; `undefined` when nobody is let in, so that it
 * is answered like any other request that nothing serves.
 */
export function preflight(
  event: ApiEvent,
  origins: readonly string[],
  methods: readonly string[],
): ApiAnswer | undefined {
  const isPreflight =
    event.httpMethod === 'OPTIONS' && headerOf(event, 'access-control-request-method') !== undefined;
  if (!isPreflight || methods.length === 0 || allowed(origins, event) === undefined) return undefined;
  return {
    statusCode: NO_CONTENT,
    headers: {
      ...SECURITY_HEADERS,
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': TAKEN,
      'access-control-max-age': KEEP_SECONDS,
    },
    body: {},
  };
}

function allowed(origins: readonly string[], event: ApiEvent): string | undefined {
  const origin = headerOf(event, 'origin');
  return origins.find((one) => one === origin);
}
