import { ALL_PLANTED, PLANTED } from './planted.ts';
import { ENDPOINTS, type Endpoint, type Stack, type Visitor } from './visitor.ts';

/** Headers that a caller, a proxy or a browser may fill with anything. */
export const HEADERS = [
  'x-correlation-id',
  'idempotency-key',
  'x-on-behalf-of',
  'x-purpose-of-use',
  'if-match',
  'user-agent',
  'referer',
  'cookie',
  'origin',
  'accept-language',
  'traceparent',
  'tracestate',
  'baggage',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-request-id',
] as const;

const TOO_MANY_BYTES = 70_000;
const AT_ONCE = 5;

/** Every endpoint is asked for everything wrong that there is, each time full of what is planted. */
export async function hostileRequests(stack: Stack, { ask }: Visitor): Promise<void> {
  const patient = await stack.token('patient', PLANTED.ids[0]);
  const service = await stack.token('service', PLANTED.ids[4]);
  const forged = ALL_PLANTED.map(encodeURIComponent).join('');
  const requests = ENDPOINTS.flatMap((endpoint, number) => {
    const { elsewhere: wrong, bodies } = wrongRequests(endpoint, number);
    // Bodies mean something to those only who may send them, and their refusal says more to them.
    const all = [
      ...wrong.map((one, index) => ({ ...one, token: [patient, service, forged, undefined][index % 4] })),
      ...bodies.map((one) => ({ ...one, token: service })),
      ...bodies.filter((_, index) => index % 4 === 0).map((one) => ({ ...one, token: undefined })),
    ];
    return all.map(
      ({ parameters, options, token }) =>
        () =>
          ask(endpoint.name, parameters, { ...options, ...(token !== undefined && { token }) }),
    );
  });
  while (requests.length > 0) await Promise.all(requests.splice(0, AT_ONCE).map((make) => make()));
  await nowhere(stack, service);
}

/** What no function knows: other paths, other methods. */
async function nowhere(stack: Stack, token: string): Promise<void> {
  for (const [index, text] of ALL_PLANTED.entries()) {
    const part = encodeURIComponent(text);
    const body = { [text]: text };
    if (index % 3 === 0) await stack.call('GET', `/${part}/${part}?${part}=${part}`, { token });
    if (index % 3 === 1) await stack.call('PATCH', `/users/${part}/medications/${part}`, { token, body });
    if (index % 3 === 2) await stack.call('POST', `/jobs/${part}`, { body });
  }
}

interface Wrong {
  readonly parameters: Readonly<Record<string, string>>;
  readonly options: NonNullable<Parameters<Visitor['ask']>[2]>;
}

/** Of so many paths to an endpoint each holds other texts; the endpoints together have all of them. */
const PATHS_EACH = 8;

function wrongRequests({ method, path }: Endpoint, number: number) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const parametersOf = (shift: number) =>
    Object.fromEntries(names.map((name, index) => [name, planted(shift + index)]));
  const wrong = (shift: number, options: Wrong['options']): Wrong => ({
    parameters: parametersOf(shift),
    options,
  });
  const paths = Array.from({ length: names.length > 0 ? PATHS_EACH : 0 }, (_, index) =>
    wrong(number * PATHS_EACH + index, {}),
  );
  const unknown = new URLSearchParams(ALL_PLANTED.map((text): [string, string] => [text, text]));
  const known = QUERY_NAMES.map((name, index) => new URLSearchParams([[name, planted(number + index)]]));
  const queries = [unknown, ...known].map((query, index) => wrong(number + index, { query: `?${query}` }));
  const headers = [0, HEADERS.length, 2 * HEADERS.length].map((shift) =>
    wrong(number, { headers: headersOf(shift) }),
  );
  const bodies = method === 'GET' ? [] : wrongBodies();
  return {
    elsewhere: [...paths, ...queries, ...headers],
    bodies: bodies.map((options, index) => wrong(number + index, options)),
  };
}

const QUERY_NAMES = ['user_id', 'status', 'cursor', 'rule', 'from'];

const planted = (index: number): string => ALL_PLANTED[index % ALL_PLANTED.length] ?? '';

/** Headers are ASCII: what is not, is written as in URLs. */
const ascii = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, encodeURIComponent);

const headersOf = (shift: number): Record<string, string> =>
  Object.fromEntries(HEADERS.map((name, index) => [name, ascii(planted(shift + index))]));

function wrongBodies(): readonly Wrong['options'][] {
  const all = [...ALL_PLANTED];
  const body = (value: unknown) => ({ body: value });
  const text = (value: string, type = 'application/json') => ({
    text: value,
    headers: { 'content-type': type },
  });
  return [
    body(Object.fromEntries(all.map((one) => [one, one]))),
    body({ user_id: all[0], medication_id: all[1], schedule: { frequency: all[2], medication_name: all } }),
    body({ user_id: PLANTED.ids[0], medications: all, storage_config: { path: all[3], type: all[4] } }),
    body({ user_id: PLANTED.ids[0], medication_id: PLANTED.ids[2], current_supply: all[5] }),
    body({ name: all.join(' '), note: all.join(' '), reason: { code: all[0], text: all.join(' ') } }),
    body({ status: all[6], channel: all[7], reason_code: all[8], at: all[9], confirm: all[10] }),
    body(all),
    body(all.join('\n')),
    text(`{"user_id": "${all.join('", "')}`),
    text(`{"${PLANTED.names[0]}": 1, "${PLANTED.names[0]}": 2, "__proto__": "${PLANTED.reasons[0]}"}`),
    text(JSON.stringify(all), PLANTED.names[1]),
    text(JSON.stringify(all), 'text/plain'),
    text(JSON.stringify({ note: all.join(' ').repeat(Math.ceil(TOO_MANY_BYTES / 600)) })),
    text(`${'['.repeat(40)}"${PLANTED.names[2]}"${']'.repeat(40)}`),
    text(all.map((one) => JSON.stringify({ user_id: one, [one]: one })).join('\n'), 'application/x-ndjson'),
    text(JSON.stringify({ resourceType: PLANTED.names[3], entry: all }), 'application/fhir+json'),
  ];
}
