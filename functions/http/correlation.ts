import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import type { Clock } from '#shared/lifecycle/instant.ts';
import type { SentAnswer } from './api-answer.ts';
import { type ApiEvent, headerOf, routeOf } from './api-event.ts';
import type { Exchange } from './exchange.ts';
import { headerValues } from './sole-header.ts';

export const CORRELATION_HEADER = 'x-correlation-id';

/** What a caller may choose as correlation id. */
const CHOSEN = /^[A-Za-z0-9_-]{8,64}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The caller's own correlation id when it has the right shape, else API Gateway's request id. It goes into logs and audit
 * entries: what cannot be a name, a number or a date because of its form stays as it is, anything else is hashed.
 */
export function correlationIdOf(event: ApiEvent): string {
  const candidates = [headerOf(event, CORRELATION_HEADER), event.requestContext?.requestId];
  const id = candidates.find((one) => one !== undefined && CHOSEN.test(one)) ?? randomUUID();
  return UUID.test(id) || TRACEPARENT.test(id) ? id : hashOf(id);
}

/**
 * A key of this environment alone, which nobody keeps: the hash comes before any key could be loaded, and names or numbers
 * could be found again by trying them all. Elsewhere the same id has another hash; the answer says which.
 */
const KEY = randomBytes(32);
const hashOf = (id: string): string => `h-${createHmac('sha256', KEY).update(id).digest('hex').slice(0, 32)}`;

/** What API Gateway says, and a CloudFront distribution of the deployer's before it. Each hop may add its own. */
const PROTOCOL_HEADERS = ['X-Forwarded-Proto', 'CloudFront-Forwarded-Proto'] as const;

const forwardedBy = (event: ApiEvent): readonly string[] =>
  PROTOCOL_HEADERS.flatMap((name) => headerValues(event, name).flatMap((value) => value.split(',')));

/** Outermost: opens the exchange, and puts its correlation id on whatever answer comes back. */
export function correlation(clock: Clock, kind?: string): MiddlewareObj<ApiEvent, SentAnswer> {
  const finish: MiddlewareObj<ApiEvent, SentAnswer>['after'] = (request) => {
    const { response } = request;
    if (!response) return;
    const { correlationId } = exchangeOf(request.event);
    request.response = { ...response, headers: { ...response.headers, [CORRELATION_HEADER]: correlationId } };
  };
  return {
    before: (request) => {
      request.event.exchange = {
        correlationId: correlationIdOf(request.event),
        receivedAt: clock(),
        startedMs: performance.now(),
        route: routeOf(request.event),
        awsCallsBefore: 0,
        forwardedBy: forwardedBy(request.event),
        ...(kind !== undefined && { kind }),
      };
    },
    after: finish,
    onError: finish,
  };
}

/** @throws Error when the correlation middleware has not run: a handler without its chain. */
export function exchangeOf(event: ApiEvent): Exchange {
  if (!event.exchange) throw new Error('No exchange on the event: the correlation middleware comes first.');
  return event.exchange;
}
