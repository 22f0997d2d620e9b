import { SECURITY_HEADERS } from './security-headers.ts';

/** What a route answers. Which members of the body leave is for the access table to say. */
export interface ApiAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** The status of an answer without a body. */
export const NO_CONTENT = 204;

/** What API Gateway's proxy integration takes. Header names are lower case. */
export interface SentAnswer extends Omit<ApiAnswer, 'body'> {
  readonly body: string;
}

/** An answer of plain JSON. */
export const jsonAnswer = (
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer => ({
  statusCode,
  headers: { ...SECURITY_HEADERS, 'content-type': 'application/json', ...headers },
  body,
});
