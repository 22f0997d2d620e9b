import { API_PREFIX } from '#shared/contract/routes.ts';
import type { ApiAnswer } from './api-answer.ts';
import type { ApiEvent } from './api-event.ts';

/** API Gateway's own domain, under which every path begins with the stage's name. */
const OWN_DOMAIN = /\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/**
 * The answer with links that lead back to the API as this caller reached it: under API Gateway's own domain they begin
 * with the stage, under a domain of the deployer's with its base path, if there is one.
 */
export function publicLinks(event: ApiEvent, answer: ApiAnswer): ApiAnswer {
  const prefix = prefixOf(event);
  if (prefix === '') return answer;
  const { location } = answer.headers;
  return {
    ...answer,
    headers: { ...answer.headers, ...(location !== undefined && { location: prefixed(prefix, location) }) },
    body: Object(withPrefix(answer.body, prefix)),
  };
}

/** What stands before `/api/v1` in the path that was asked for: a stage's name, a base path, or nothing. */
function prefixOf({ requestContext }: ApiEvent): string {
  const { path = '', domainName = '', stage } = requestContext ?? {};
  const prefix = path.slice(0, Math.max(path.indexOf(`${API_PREFIX}/`), 0));
  // An emulator names the stage as well, but is reached by a front that does not.
  return prefix === `/${stage}` && !OWN_DOMAIN.test(domainName) ? '' : prefix;
}

const prefixed = (prefix: string, link: string): string =>
  link.startsWith(`${API_PREFIX}/`) ? prefix + link : link;

/** Every member `links` of a job, and of each job of a list. */
function withPrefix(body: unknown, prefix: string): unknown {
  if (Array.isArray(body)) return body.map((item) => withPrefix(item, prefix));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => {
      if (name === 'jobs') return [name, withPrefix(value, prefix)];
      return [name, name === 'links' ? linksWithPrefix(value, prefix) : value];
    }),
  );
}

const linksWithPrefix = (links: unknown, prefix: string): unknown =>
  typeof links !== 'object' || links === null
    ? links
    : Object.fromEntries(
        Object.entries(links).map(([name, link]: [string, unknown]) => [
          name,
          typeof link === 'string' ? prefixed(prefix, link) : link,
        ]),
      );
