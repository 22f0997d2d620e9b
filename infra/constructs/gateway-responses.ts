import { CfnGatewayResponse, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { PROBLEMS, type ProblemCode } from '#shared/errors/problem-error.ts';

/** Every answer that API Gateway makes by itself, and the problem that it is to the caller. */
export const GATEWAY_PROBLEMS = {
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

/** Gives API Gateway's own answers the form of all others: RFC 9457 with a stable code and a correlation id. */
export class GatewayResponses extends Construct {
  constructor(scope: Construct, id: string, api: RestApi) {
    super(scope, id);
    for (const [responseType, code] of Object.entries(GATEWAY_PROBLEMS)) {
      const { status } = PROBLEMS[code];
      new CfnGatewayResponse(this, responseType, {
        restApiId: api.restApiId,
        responseType,
        // The two defaults keep the status that API Gateway has chosen.
        ...(!responseType.startsWith('DEFAULT_') && { statusCode: String(status) }),
        responseParameters: {
          'gatewayresponse.header.Content-Type': "'application/problem+json'",
          'gatewayresponse.header.Cache-Control': "'no-store'",
          ...(code === 'too_many_requests' && { 'gatewayresponse.header.Retry-After': "'1'" }),
        },
        // Not a VTL template: only `$context` variables are filled in.
        responseTemplates: { 'application/json': problemTemplate(code) },
      });
    }
  }
}

/** The body, as `functions/http` forms it: `correlation_id` is the request's id, as in the access log. */
export function problemTemplate(code: ProblemCode): string {
  const { title, status } = PROBLEMS[code];
  return JSON.stringify({
    type: `urn:medication-jobs:problem:${code}`,
    title,
    status,
    detail: DETAILS[code] ?? `${title}.`,
    code,
    correlation_id: '$context.requestId',
  });
}
