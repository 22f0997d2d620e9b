import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { problemType } from '#shared/contract/problem-type.ts';
import { PROBLEMS, type ProblemCode } from '#shared/errors/problem-error.ts';
import { staticCors } from './static-cors.ts';

/** Every answer that API Gateway makes by itself, and the problem that it is to the caller. */
const GATEWAY_PROBLEMS = {
  ACCESS_DENIED: 'forbidden',
  API_CONFIGURATION_ERROR: 'internal_error',
  AUTHORIZER_CONFIGURATION_ERROR: 'internal_error',
  AUTHORIZER_FAILURE: 'internal_error',
  BAD_REQUEST_BODY: 'invalid_input',
  BAD_REQUEST_PARAMETERS: 'invalid_input',
  DEFAULT_4XX: 'invalid_input',
  DEFAULT_5XX: 'internal_error',
  EXPIRED_TOKEN: 'unauthorized',
  INTEGRATION_FAILURE: 'internal_error',
  INTEGRATION_TIMEOUT: 'internal_error',
  INVALID_API_KEY: 'forbidden',
  INVALID_SIGNATURE: 'unauthorized',
  MISSING_AUTHENTICATION_TOKEN: 'not_found',
  QUOTA_EXCEEDED: 'too_many_requests',
  REQUEST_TOO_LARGE: 'body_too_large',
  RESOURCE_NOT_FOUND: 'not_found',
  THROTTLED: 'too_many_requests',
  UNAUTHORIZED: 'unauthorized',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported_media_type',
  WAF_FILTERED: 'forbidden',
} as const satisfies Record<string, ProblemCode>;

const DETAILS: Partial<Record<ProblemCode, string>> = {
  internal_error: 'Something failed on our side. Try again later, or name the correlation id to support.',
  too_many_requests: 'Wait a moment and try again, more slowly.',
  forbidden: 'The request was refused before it reached the service.',
};

/**
 * The functions' own headers, each as a text between single quotes or as a variable. How quotes inside a text are to be
 * written is documented nowhere: an empty list of the content policy means the same as `'none'`.
 * https://www.w3.org/TR/CSP3/#match-url-to-source-list
 */
const HEADERS = {
  'cache-control': "'no-store'",
  'content-security-policy': "'default-src; frame-ancestors'",
  'content-type': "'application/problem+json'",
  'referrer-policy': "'no-referrer'",
  'strict-transport-security': "'max-age=63072000; includeSubDomains'",
  'x-content-type-options': "'nosniff'",
  'x-correlation-id': 'context.requestId',
} as const;

/**
 * Gives API Gateway's own answers the form of all others: RFC 9457 with a stable code and a correlation id. They reach
 * callers with the next deployment of the API only, so a changed one must make a new deployment: `addGatewayResponse`
 * sees to that.
 */
export function addGatewayResponses(api: RestApi, origins: readonly string[]): void {
  for (const [name, code] of Object.entries(GATEWAY_PROBLEMS)) {
    // The two defaults stand for many statuses: each keeps the one that API Gateway has chosen.
    const status = name.startsWith('DEFAULT_') ? undefined : PROBLEMS[code].status;
    api.addGatewayResponse(`Response${name}`, {
      type: ResponseType.of(name),
      ...(status !== undefined && { statusCode: String(status) }),
      responseHeaders: {
        ...HEADERS,
        ...quoted(staticCors(origins)),
        ...(code === 'too_many_requests' && { 'retry-after': "'1'" }),
      },
      // Not a VTL template: only `$context` variables are filled in.
      templates: { 'application/json': problemTemplate(code, status) },
    });
  }
}

const quoted = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));

/** The body, as `functions/http` forms it: `correlation_id` is the request's id, as in the access log. */
function problemTemplate(code: ProblemCode, status: number | undefined): string {
  const { title } = PROBLEMS[code];
  return JSON.stringify({
    type: problemType(code),
    title,
    ...(status !== undefined && { status }),
    detail: DETAILS[code] ?? `${title}.`,
    code,
    correlation_id: '$context.requestId',
  });
}
