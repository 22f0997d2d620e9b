import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export function answer(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}

export const answerJson = (response: ServerResponse, body: unknown): void =>
  answer(response, 'application/json', JSON.stringify(body));

const PROBLEM_HEADERS = { 'content-type': 'application/problem+json' };

const problemText = (status: number, code: string, title: string): string =>
  JSON.stringify({
    type: `urn:medication-jobs:laptop:${code}`,
    title,
    status,
    code,
    correlation_id: randomUUID(),
  });

/** The front's own failures, in the form of the API's. */
export const answerProblem = (response: ServerResponse, status: number, code: string, title: string): void =>
  void response.writeHead(status, PROBLEM_HEADERS).end(problemText(status, code, title));

/** Answers what could not be read as a request of HTTP, in the same form. API Gateway answers these itself, too. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const [line, code, title] = tooLarge
    ? ['431 Request Header Fields Too Large', 'headers_too_large', 'The address or the headers are too long.']
    : ['400 Bad Request', 'not_http', 'This is no request of HTTP that can be read; see its method.'];
  const body = problemText(tooLarge ? 431 : 400, code, title);
  const headers = [
    `content-type: ${PROBLEM_HEADERS['content-type']}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`HTTP/1.1 ${line}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
}
