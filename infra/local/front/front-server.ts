import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import { API_PREFIX } from '#shared/contract/routes.ts';
import { CONSOLE_PATH, type ConsoleParts, serveConsole } from '../console/console-routes.ts';
import { answer, answerJson, answerProblem, answerUnreadable } from './answers.ts';
import { forward } from './forward.ts';
import type { InboxMessage } from './inbox.ts';
import { inboxPage } from './inbox-page.ts';
import { ISSUER_PATH, openIdConfiguration } from './issuer.ts';

export interface FrontParts {
  readonly issuer: string;
  readonly publicJwk: JWK;
  /** Where requests of the API go; `undefined` while nothing is deployed. */
  readonly invokeUrl: () => string | undefined;
  readonly inbox: () => Promise<readonly InboxMessage[]>;
  readonly console: ConsoleParts;
}

/** One short address for people: the API, the laptop's token issuer, what was published, and the dashboards. */
export async function startFront(port: number, parts: FrontParts): Promise<Server> {
  const server = createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent)
        answerProblem(response, 500, 'front_failed', 'The laptop’s front failed; see its log.');
    });
  });
  server.on('clientError', answerUnreadable);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

async function serve(parts: FrontParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  // Everything below /api belongs to the API, also what it has no route for: its own 404 is wanted there.
  if (path === '/api' || path.startsWith('/api/')) {
    const invokeUrl = parts.invokeUrl();
    if (invokeUrl !== undefined) return forward(request, response, invokeUrl);
    return answerProblem(
      response,
      502,
      'not_deployed',
      'The API is not deployed yet. Try again in some seconds.',
    );
  }
  if (path === CONSOLE_PATH || path.startsWith(`${CONSOLE_PATH}/`))
    return serveConsole(parts.console, new URL(request.url ?? '/', 'http://front'), response);
  switch (path) {
    case `${ISSUER_PATH}/.well-known/jwks.json`:
      return answerJson(response, { keys: [parts.publicJwk] });
    case `${ISSUER_PATH}/.well-known/openid-configuration`:
      return answerJson(response, openIdConfiguration(parts.issuer));
    case '/inbox.json':
      return answerJson(response, await parts.inbox());
    case '/inbox':
      return answer(response, 'text/html; charset=utf-8', inboxPage(await parts.inbox()));
    case '/':
      return answerJson(response, {
        api: API_PREFIX,
        inbox: '/inbox',
        console: CONSOLE_PATH,
        issuer: ISSUER_PATH,
        supervisor: process.pid,
      });
    default:
      return answerProblem(
        response,
        404,
        'not_found',
        'The front serves /api/v1, /inbox, /console and /issuer.',
      );
  }
}
