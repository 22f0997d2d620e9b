import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { problemType } from '#shared/contract/problem-type.ts';
import { PROBLEMS } from '#shared/errors/problem-error.ts';
import { staticCors } from './static-cors.ts';

/** Seconds over which the requests of one address are counted. */
export const RATE_WINDOW_SECONDS = 300;

const DETAILS = {
  too_many_requests: 'Too many requests came from this address. Wait, then try again more slowly.',
  body_too_large: 'Send a smaller body; many schedules at once are an import.',
} as const;

type WafProblem = keyof typeof DETAILS;

/** The functions' own headers. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * The members of a problem document, save the correlation id, which the firewall cannot fill in. It offers three content
 * types, lets nobody set another, and its answer takes precedence over API Gateway's for `WAF_FILTERED`: so these come as
 * `application/json`. https://docs.aws.amazon.com/waf/latest/APIReference/API_CustomResponse.html
 */
const body = (code: WafProblem): CfnWebACL.CustomResponseBodyProperty => ({
  contentType: 'APPLICATION_JSON',
  content: JSON.stringify({
    type: problemType(code),
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    detail: DETAILS[code],
    code,
  }),
});

export const WAF_BODIES = {
  too_many_requests: body('too_many_requests'),
  body_too_large: body('body_too_large'),
} as const satisfies Record<WafProblem, CfnWebACL.CustomResponseBodyProperty>;

/** Blocks, and says so as all other errors do. */
export const wafAnswer = (code: WafProblem, origins: readonly string[]): CfnWebACL.RuleActionProperty => ({
  block: {
    customResponse: {
      responseCode: PROBLEMS[code].status,
      customResponseBodyKey: code,
      responseHeaders: Object.entries({
        ...HEADERS,
        ...staticCors(origins),
        // An address stays blocked until the requests of the whole window have become few again.
        ...(code === 'too_many_requests' && { 'retry-after': String(RATE_WINDOW_SECONDS) }),
      }).map(([name, value]) => ({ name, value })),
    },
  },
});
