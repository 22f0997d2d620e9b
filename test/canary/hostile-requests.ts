import { ALL_PLANTED, PLANTED } from './planted.ts';
import { ENDPOINTS, type Endpoint, type Stack, type Visitor } from './visitor.ts';

/** Headers that a caller, a proxy or a browser may fill with anything. */
const HEADERS = [
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
  const tokens = [undefined, ALL_PLANTED.map(encodeURIComponent).join(''), patient, service];
  const requests = ENDPOINTS.flatMap((endpoint) =>
    wrongRequests(endpoint).flatMap((wrong) =>
      tokens.map(
        (token) => () => ask(endpoint.name, wrong.parameters, { ...wrong.options, ...(token && { token }) }),
      ),
    ),
  );
  while (requests.length > 0) await Promise.all(requests.splice(0, AT_ONCE).map((make) => make()));
  await elsewhere(stack, service);
}

/** What no function knows: other paths, other methods. */
async function elsewhere(stack: Stack, token: string): Promise<void> {
  for (const text of ALL_PLANTED) {
    const part = encodeURIComponent(text);
    await stack.call('GET', `/${part}/${part}?${part}=${part}`, { token });
    await stack.call('PATCH', `/users/${part}/medications/${part}`, { token, body: { [text]: text } });
    await stack.call('POST', `/jobs/${part}`, { body: { [text]: text } });
  }
}

interface Wrong {
  readonly parameters: Readonly<Record<string, string>>;
  readonly options: NonNullable<Parameters<Visitor['ask']>[2]>;
}

function wrongRequests({ method, path }: Endpoint): readonly Wrong[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  // Each time another text, so that all of them stand in the path of some request.
  const parameters = (shift: number) =>
    Object.fromEntries(names.map((name, index) => [name, planted(shift + index)]));
  const wrong = ALL_PLANTED.map((_, shift): Wrong => {
    const query = new URLSearchParams([
      [planted(shift), planted(shift + 1)],
      ['user_id', planted(shift + 2)],
      ['status', planted(shift + 3)],
      ['cursor', planted(shift + 4)],
      ['rule', planted(shift + 5)],
      ['from', planted(shift + 6)],
    ]);
    return { parameters: parameters(shift), options: { query: `?${query}`, headers: headersOf(shift) } };
  });
  const bodies = method === 'GET' ? [] : wrongBodies();
  return [
    ...wrong.filter((_, index) => index % 4 === 0),
    ...(names.length > 0
      ? ALL_PLANTED.map((text) => ({ parameters: parameters(ALL_PLANTED.indexOf(text)), options: {} }))
      : []),
    ...bodies.map((options, shift) => ({ parameters: parameters(shift), options })),
  ];
}

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
