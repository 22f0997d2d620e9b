import { SECURITY_HEADERS } from '#functions/http/security-headers.ts';
import type { useStack } from '#infra/local/testing/use-stack.ts';
import { API_PREFIX, ROUTES, type RouteName, submitPath } from '#shared/contract/routes.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';

export type Stack = ReturnType<typeof useStack>;
type CallOptions = NonNullable<Parameters<Stack['call']>[2]>;

/** A route beside the job endpoints, or the kind of one. */
export type EndpointName = RouteName | `kind ${string}`;

export interface Endpoint {
  readonly name: EndpointName;
  readonly method: string;
  /** Below the prefix, as a template. */
  readonly path: string;
}

/** Everything that can be asked for: what is added to the product is here without a word of this test. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...PUBLIC_KINDS.map(({ name }) => ({
    name: `kind ${name}` as const,
    method: 'POST',
    path: submitPath(name),
  })),
  ...(Object.keys(ROUTES) as RouteName[]).map((name) => ({
    name,
    method: ROUTES[name].method,
    path: ROUTES[name].path,
  })),
];

/** One request that was made, and its answer's status. */
export interface Visit {
  readonly name: EndpointName;
  readonly status: number;
  /** Headers of every answer that this one had not. */
  readonly bare: readonly string[];
  /** Everything that was sent, as text. */
  readonly sent: string;
}

/** Calls endpoints by their name, and notes what was sent and answered. */
export function visitor(stack: Stack) {
  const visits: Visit[] = [];
  const ask = async (
    name: EndpointName,
    parameters: Readonly<Record<string, string>>,
    options: CallOptions & { readonly query?: string } = {},
  ) => {
    const endpoint = ENDPOINTS.find((one) => one.name === name);
    if (!endpoint) throw new Error(`There is no ${name} below ${API_PREFIX}.`);
    const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) =>
      encodeURIComponent(parameters[parameter] ?? ''),
    );
    const { query = '', ...rest } = options;
    const answer = await stack.call(endpoint.method, `${path}${query}`, rest);
    const bare = Object.entries(SECURITY_HEADERS).flatMap(([header, value]) =>
      answer.headers.get(header) === value ? [] : [header],
    );
    visits.push({ name, status: answer.status, bare, sent: JSON.stringify({ parameters, ...options }) });
    return answer;
  };
  return { visits, ask };
}

export type Visitor = ReturnType<typeof visitor>;
