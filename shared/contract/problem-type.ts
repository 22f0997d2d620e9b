/** `type` of a problem document (RFC 9457): stable, one per code, whoever answers: a function, API Gateway or the web ACL. */
export const problemType = (code: string): string => `urn:medication-jobs:problem:${code}`;
