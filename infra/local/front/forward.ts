import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import { answerProblem } from './answers.ts';

/** Headers that belong to one connection, not to the message (RFC 9110, section 7.6.1). */
const CONNECTION_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
]);

/**
 * Hands a request on to the REST API's invoke address and its answer back, both as they are. Only what fails here,
 * an emulator that is away, is answered by the front itself: `502`.
 */
export function forward(incoming: IncomingMessage, outgoing: ServerResponse, invokeUrl: string): void {
  const upstream = request(
    `${invokeUrl}${incoming.url}`,
    // Each as often as it was sent: what a caller repeats is for the API to judge.
    { method: incoming.method, headers: passedOn(incoming.headersDistinct) },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
      answer.pipe(outgoing);
    },
  );
  upstream.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else
      answerProblem(
        outgoing,
        502,
        'bad_gateway',
        'The laptop’s AWS does not answer. See "npm run local -- status".',
      );
  });
  incoming.pipe(upstream);
}

const passedOn = (headers: OutgoingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.has(name)));
