const ANSWERED_OTHERWISE = {
  lambdaDeadLetters:
    'Lambda’s own dead-letter queue is for asynchronous invocations, and the functions that EventBridge invokes have one. These are invoked by API Gateway, which waits for the answer, or by a queue with its own dead-letter queue.',
  traces:
    'The stage’s traces carry URLs, and URLs carry users’ ids. The functions behind the stage are traced.',
};

/** Findings about the templates that stand, by tool and rule, each with the reason. One that is no longer found must go. */
export const ACCEPTED_FINDINGS = {
  'cfn-lint': {
    W3005:
      'The CDK makes each function wait for its role and for the policy of that role; the first is said twice, which does no harm.',
  },
  checkov: {
    CKV_AWS_18:
      'It is the bucket that receives the access logs of the others; logging its own accesses into itself would never end.',
    CKV_AWS_59:
      'The functions verify the tokens themselves: the specification’s order puts the schema first, and every refusal is recorded.',
    CKV_AWS_73: ANSWERED_OTHERWISE.traces,
    CKV_AWS_111:
      'The account’s one role for API Gateway’s logs: log groups are named by ids of APIs yet to be made, so AWS defines it so.',
    CKV_AWS_115:
      'Reserved concurrency fails on accounts with the first quota of 10 executions: it is the context reservedConcurrency. Queue consumers are limited by maximumConcurrency, endpoints by throttling.',
    CKV_AWS_116: ANSWERED_OTHERWISE.lambdaDeadLetters,
    CKV_AWS_117:
      'The functions call AWS APIs over TLS only and reach nothing in a VPC; a VPC would add cold-start time and endpoints without keeping anything out.',
    CKV_AWS_120:
      'Every answer is about one person’s data and says no-store: a cache would be of no use and a risk.',
    CKV_AWS_173:
      'Variables hold names of resources and settings, no secret; Lambda encrypts them at rest with its own key, and who may read a function’s configuration may read them under any key.',
  },
} as const satisfies Record<Tool, Readonly<Record<string, string>>>;

export type Tool = 'cfn-lint' | 'checkov';
