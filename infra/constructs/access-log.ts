import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * One JSON line per request. `resourcePath` is the route's pattern; the URL itself, which may carry a user's id, the
 * caller's address and every header stay out.
 */
export const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    correlation_id: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    method: AccessLogField.contextHttpMethod(),
    route: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    latency_ms: AccessLogField.contextResponseLatency(),
    integration_latency_ms: AccessLogField.contextIntegrationLatency(),
    integration_status: AccessLogField.contextIntegrationStatus(),
    error_type: AccessLogField.contextErrorResponseType(),
    waf: '$context.wafResponseCode',
    bytes: AccessLogField.contextResponseLength(),
    tls: '$context.tlsVersion',
  }),
);
