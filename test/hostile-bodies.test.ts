import { describe, expect, it } from 'vitest';
import { ROUTES, type RouteName } from '#shared/contract/routes.ts';
import { type AccessBench, createAccessBench } from './builders/access-bench.ts';
import type { ApiEventOptions } from './builders/api-event.ts';
import { allowedTo, rightRequest } from './builders/right-request.ts';

// Every route that changes something gets its right request with something more in it, from somebody who may: what was slipped in
// is refused by name, and nothing of the request is done.

const routeNames = Object.keys(ROUTES) as RouteName[]; // its own keys
/** Lines of an import are judged one by one, by the validators of its kinds. */
const CHANGES = routeNames.filter((name) => ROUTES[name].method !== 'GET' && name !== 'submitImport');

/** Words of rows, records and tokens, and of JavaScript's own objects. */
const MEMBERS = [
  'version',
  'revision',
  'owner',
  'userRef',
  'user_ref',
  'createdAt',
  'created_at',
  'role',
  'roles',
  'actor',
  'chainSeq',
  'counted',
  'constructor',
  'toString',
  'hasOwnProperty',
  '__proto__',
];

const textOf = ({ body, rawBody }: ApiEventOptions): string => rawBody ?? JSON.stringify(body ?? {});
const withMember = (text: string, member: string): string =>
  text === '{}' ? `{${member}}` : `${text.slice(0, -1)},${member}}`;
const asBody = (
  { body: _given, headers, ...options }: ApiEventOptions,
  rawBody: string,
): ApiEventOptions => ({
  ...options,
  rawBody,
  headers: { ...headers, 'Content-Type': 'application/json' },
});

/** All that stands, but the trail. */
const standing = ({ engine: { db, queue } }: AccessBench): string =>
  JSON.stringify([
    [...db.rows],
    [...db.records],
    [...db.idempotency],
    [...db.bulkActions],
    queue.sent.length,
  ]);

async function refusals(route: RouteName, texts: (right: string) => readonly string[]) {
  const bench = createAccessBench();
  const options = await rightRequest(bench, route);
  const before = standing(bench);
  const answers = [];
  for (const text of texts(textOf(options)))
    answers.push(await bench.call(route, asBody(options, text), allowedTo(route)));
  expect(standing(bench)).toBe(before);
  return answers;
}

describe.each(CHANGES)('%s', (route) => {
  it('takes no member that is none of its own, whatever its name', async () => {
    const answers = await refusals(route, (right) =>
      MEMBERS.map((name) => withMember(right, `${JSON.stringify(name)}:{"admin":true}`)),
    );
    const told = answers.map(({ status, body }) => [
      status,
      body.problems?.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`),
    ]);
    expect(told).toEqual(MEMBERS.map((name) => [400, expect.arrayContaining([`/${name} unknown_field`])]));
  });

  it('takes nothing that says the same member twice, however it is spelled, nor what is nested without end', async () => {
    const [twice, escaped, deep] = await refusals(route, (right) => [
      withMember(withMember(right, '"zz":1'), '"zz":2'),
      withMember(withMember(right, '"zz":1'), '"\\u007az":2'),
      withMember(right, `"zz":${'['.repeat(5_000)}${']'.repeat(5_000)}`),
    ]);
    for (const answer of [twice, escaped])
      expect(answer?.body.problems.map(({ code }: { code: string }) => code)).toContain(
        answer?.body.detail === 'This route takes no body.' ? 'unknown_field' : 'repeated_field',
      );
    expect(deep).toMatchObject({ status: 400, body: { problems: [{ code: 'too_deep' }] } });
  });
});
