import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it, vi } from 'vitest';
import { CORRELATION_HEADER } from '#functions/http/correlation.ts';
import { SECURITY_HEADERS } from '#functions/http/security-headers.ts';
import { PROBLEMS, type ProblemCode } from '#shared/errors/problem-error.ts';
import { buildStage, synthesiseStage } from './constructs/testing/synthesise-stage.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const TYPES =
  'ACCESS_DENIED API_CONFIGURATION_ERROR AUTHORIZER_CONFIGURATION_ERROR AUTHORIZER_FAILURE BAD_REQUEST_BODY ' +
  'BAD_REQUEST_PARAMETERS DEFAULT_4XX DEFAULT_5XX EXPIRED_TOKEN INTEGRATION_FAILURE INTEGRATION_TIMEOUT ' +
  'INVALID_API_KEY INVALID_SIGNATURE MISSING_AUTHENTICATION_TOKEN QUOTA_EXCEEDED REQUEST_TOO_LARGE ' +
  'RESOURCE_NOT_FOUND THROTTLED UNAUTHORIZED UNSUPPORTED_MEDIA_TYPE WAF_FILTERED';

const found = () => synthesiseStage('prod').service.findResources('AWS::ApiGateway::GatewayResponse');
const responses = () => Object.values(found()).map(({ Properties }) => Properties);
const deploymentOf = (service: Template) =>
  Object.entries(service.findResources('AWS::ApiGateway::Deployment'))[0] ?? [];

describe('what API Gateway answers by itself', () => {
  it('covers every type of answer', () => {
    expect(
      responses()
        .map(({ ResponseType }) => ResponseType)
        .sort(),
    ).toEqual(TYPES.split(' '));
  });

  it('has the form of all other errors, and never repeats what was sent', () => {
    for (const { ResponseType, StatusCode, ResponseTemplates } of responses()) {
      const template: string = ResponseTemplates['application/json'];
      const body: Record<string, unknown> = JSON.parse(template);
      const code = body['code'] as ProblemCode; // What it is, the next line finds out.
      expect(Object.keys(PROBLEMS)).toContain(code);
      const { title, status } = PROBLEMS[code];
      const ofMany = ResponseType.startsWith('DEFAULT_');
      expect(body).toEqual({
        type: `urn:medication-jobs:problem:${code}`,
        title,
        // A default stands for many statuses, and no variable says which: rather none than a wrong one.
        ...(!ofMany && { status }),
        detail: expect.stringMatching(/\.$/),
        code,
        correlation_id: '$context.requestId',
      });
      expect(StatusCode).toBe(ofMany ? undefined : String(status));
      expect(template.match(/\$\w+/g)).toEqual(['$context']);
    }
  });

  it('carries the headers of all other answers', () => {
    const text = (value: string) => `'${value.replaceAll(" 'none'", '')}'`;
    for (const { ResponseType, ResponseParameters } of responses())
      expect(ResponseParameters).toEqual(
        Object.fromEntries(
          Object.entries({
            ...Object.fromEntries(Object.entries(SECURITY_HEADERS).map(([key, value]) => [key, text(value)])),
            'content-type': "'application/problem+json'",
            [CORRELATION_HEADER]: 'context.requestId',
            ...(/^(THROTTLED|QUOTA_EXCEEDED)$/.test(ResponseType) && { 'retry-after': "'1'" }),
          }).map(([key, value]) => [`gatewayresponse.header.${key}`, value]),
        ),
      );
  });

  it('is part of what is deployed: the deployment waits for all of it', () => {
    const [, deployment] = deploymentOf(synthesiseStage('prod').service);
    expect(deployment?.['DependsOn']).toEqual(expect.arrayContaining(Object.keys(found())));
  });

  it('reaches callers when it is changed: another text is another deployment', () => {
    vi.spyOn(PROBLEMS.too_many_requests as { title: string }, 'title', 'get').mockReturnValue('Slower');
    const changed = Template.fromStack(buildStage('prod').stacks.service);
    vi.restoreAllMocks();
    expect(deploymentOf(changed)[0]).not.toBe(deploymentOf(synthesiseStage('prod').service)[0]);
    expect(deploymentOf(Template.fromStack(buildStage('prod').stacks.service))[0]).toBe(
      deploymentOf(synthesiseStage('prod').service)[0],
    );
  });
});
