import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

export function answer(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}

export const answerJson = (response: ServerResponse, body: unknown): void =>
  answer(response, 'application/json', JSON.stringify(body));

/** The front's own failures, in the form of the API's. */
export function answerProblem(response: ServerResponse, status: number, code: string, title: string): void {
  const problem = {
    type: `urn:medication-jobs:laptop:${code}`,
    title,
    status,
    code,
    correlation_id: randomUUID(),
  };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
}
