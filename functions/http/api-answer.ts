import { SECURITY_HEADERS } from './security-headers.ts';

/** What API Gateway's proxy integration takes. Header names are lower case. */
export interface ApiAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
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
  body: JSON.stringify(body),
});
