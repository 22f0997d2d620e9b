import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const TOKEN = 'secret-token-of-an-operator';
const ID = '01JZZZZZZZZZZZZZZZZZZZZZZZ';

interface Asked {
  readonly request: string;
  readonly body: unknown;
  readonly token: string;
}

let server: Server;
let asked: Asked[];
let answers: (request: string, turn: number) => { status?: number; body: unknown };
beforeEach(async () => {
  asked = [];
  server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const request = `${incoming.method} ${incoming.url}`;
      const text = Buffer.concat(parts).toString();
      asked.push({
        request,
        body: text === '' ? undefined : JSON.parse(text),
        token: String(incoming.headers.authorization),
      });
      const { status = 200, body } = answers(request, asked.length);
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP

/** Runs `npm run ops` as a person does. */
const ops = (given: readonly string[], environment: Record<string, string> = {}, typed = '') =>
  new Promise<{ code: unknown; out: string; told: string }>((resolve) => {
    const env = {
      PATH: process.env['PATH'],
      NO_COLOR: '1',
      OPS_API_URL: address(),
      OPS_TOKEN: TOKEN,
      ...environment,
    };
    const args = given[0] === 'break-glass' ? given : ['jobs', ...given];
    const child = execFile(process.execPath, ['infra/ops/main.ts', ...args], { env }, (error, out, told) => {
      resolve({ code: error?.code ?? 0, out, told });
    });
    child.stdin?.end(typed);
  });

const job = (over: object = {}) => ({
  job_id: ID,
  kind: 'refill-check',
  priority: 'MEDIUM',
  status: 'failed',
  due_at: '2026-11-28T10:00:00.000Z',
  error_code: 'dependency_down',
  ...over,
});
const bulk = (over: object = {}) => ({
  bulk_action_id: ID,
  status: 'running',
  matched: { count: 4, more: false },
  progress: { changed: 0, refused: 0 },
  ...over,
});

describe('npm run ops -- jobs', { timeout: 60_000 }, () => {
  it('list --help says that ended jobs are listed by their end; of a bulk action only when they were made counts', async () => {
    const [list, redrive] = [await ops(['list', '--help']), await ops(['redrive', '--help'])];
    expect(list.out).toContain('made (ended: ended) before');
    expect(redrive.out).toContain('made before');
  });

  it.each(['redrive', 'cancel'])(
    '%s of every job there is asks which ones, and asks the API nothing',
    async (verb) => {
      const { code, told } = await ops([verb, '--yes']);
      expect({ code, asked }).toEqual({ code: 1, asked: [] });
      expect(told).toContain('Say which jobs: --kind');
    },
  );

  it('list shows a table of all pages, with all filters', async () => {
    answers = (_request, turn) => ({ body: { jobs: [job()], ...(turn === 1 && { next_cursor: 'c' }) } });
    const { code, out } = await ops(['list', '--status', 'failed', '--error-code', 'dependency_down']);
    expect(code).toBe(0);
    expect(out).toContain(ID);
    expect(out).toContain('2 jobs.');
    expect(asked.map(({ request }) => request)).toEqual([
      'GET /api/v1/jobs?status=failed&error_code=dependency_down&limit=50',
      'GET /api/v1/jobs?status=failed&error_code=dependency_down&limit=49&cursor=c',
    ]);
    expect(asked[0]?.token).toBe(`Bearer ${TOKEN}`);
  });

  it('list asks for a user in a body, and answers as JSON', async () => {
    answers = () => ({ body: { jobs: [job()] } });
    const { out } = await ops(['list', '--user', 'patient-1', '--json']);
    expect(JSON.parse(out)).toEqual({ jobs: [job()], more: false });
    expect(asked).toMatchObject([
      { request: 'POST /api/v1/jobs/search', body: { user_id: 'patient-1', limit: 50 } },
    ]);
  });

  it.each(['list', 'late'])('%s says of how many rows nothing could be read', async (verb) => {
    answers = () => ({ body: { jobs: [], unreadable_jobs: 2, priorities: [] } });
    // Also where three lists go through the same rows.
    const { code, out } = await ops([verb]);
    expect(out).toContain('\n2 rows cannot be read');
    expect(out).not.toContain('Nothing is late');
    expect(code).toBe(verb === 'late' ? 2 : 0);
    expect(JSON.parse((await ops([verb, '--json'])).out)).toMatchObject({ jobs: [], unreadable_jobs: 2 });
  });

  it('show, retry and cancel are about one job', async () => {
    answers = () => ({ body: job({ attempts: [{ attempt: 1 }] }) });
    for (const verb of ['show', 'retry', 'cancel'])
      expect((await ops([verb, ID])).out).toContain('refill-check');
    expect(asked.map(({ request }) => request)).toEqual([
      `GET /api/v1/jobs/${ID}`,
      `POST /api/v1/jobs/${ID}/retry`,
      `POST /api/v1/jobs/${ID}/cancel`,
    ]);
  });

  it('redrive only counts until it is told to, then follows it to its end', async () => {
    answers = (request, turn) => ({
      body:
        turn === 1
          ? { action: 'retry', matched: { count: 4, more: false } }
          : request.startsWith('POST')
            ? bulk()
            : bulk({ status: 'completed', progress: { changed: 3, refused: 1 } }),
    });
    const counted = await ops(['redrive', '--error-code', 'dependency_down']);
    expect(counted.out).toContain('It would retry 4 jobs. Nothing was changed');
    const done = await ops(['redrive', '--error-code', 'dependency_down', '--rate', '2', '--yes']);
    expect(done.out).toContain('4 of 4, 1 refused (completed)');
    // One of them could not be changed.
    expect(done.code).toBe(3);
    const filter = { error_code: 'dependency_down' };
    expect(asked.map(({ body }) => body)).toEqual([
      { action: 'retry', filter, dry_run: true },
      { action: 'retry', filter, dry_run: false, rate_per_second: 2 },
      undefined,
    ]);
  });

  it('tells of rows that a bulk action could not read, and does not take it for done', async () => {
    const progress = { changed: 4, refused: 0, unreadable: 2 };
    answers = () => ({ body: bulk({ status: 'completed', progress }) });
    const { code, out } = await ops(['progress', ID]);
    expect({ code, out }).toEqual({
      code: 3,
      out: expect.stringContaining('0 refused, 2 rows cannot be read (event job.unreadable) (completed)'),
    });
  });

  it('abort and progress are about one bulk action', async () => {
    answers = () => ({ body: bulk({ status: 'aborted' }) });
    expect(await ops(['abort', ID])).toMatchObject({ code: 0, out: expect.stringContaining('(aborted)') });
    expect(await ops(['progress', ID, '--json'])).toMatchObject({ code: 3 });
    expect(asked.map(({ request }) => request)).toEqual([
      `POST /api/v1/bulk-actions/${ID}/abort`,
      `GET /api/v1/bulk-actions/${ID}`,
    ]);
  });

  it('pause of CRITICAL says how many doses are not told, and asks for more than a word', async () => {
    const counts = {
      doses_due: {
        from: '2026-11-28T10:00:30.000Z',
        to: '2026-11-29T10:00:00.000Z',
        count: 42,
        more: false,
        estimated_by: 'yesterday',
        by_hour: [
          { from: '2026-11-28T10:00:30.000Z', count: 30, estimated: false },
          { from: '2026-11-28T11:00:00.000Z', count: 12, estimated: true },
          { from: '2026-11-28T12:00:00.000Z', count: 0, estimated: true },
        ],
      },
      deliveries_that_may_expire: { count: 3, more: false },
    };
    answers = (request) => ({
      body: request.startsWith('GET')
        ? { priorities: [{ priority: 'CRITICAL', status: 'running', ...counts }] }
        : { priority: 'CRITICAL', status: 'paused', workers_told: true, ...counts },
    });
    const said =
      '30 doses become due within the hour, about 42 from 2026-11-28T10:00:30.000Z to 2026-11-29T10:00:00.000Z, ' +
      'and 3 are ordered and not told yet. The hours after the next one, as far as is known: 12 0.';
    const refused = await ops(['pause', 'CRITICAL']);
    expect([refused.code, refused.told]).toEqual([1, expect.stringContaining(said)]);
    expect(asked.map(({ request }) => request)).toEqual(['GET /api/v1/priorities']);
    const paused = await ops(['pause', 'CRITICAL', '--confirm', 'CRITICAL']);
    expect(paused).toMatchObject({ code: 0, out: expect.stringContaining(`CRITICAL is paused.\n${said}`) });
    expect(asked.at(-1)).toMatchObject({
      request: 'POST /api/v1/priorities/CRITICAL/pause',
      body: { confirm: 'CRITICAL' },
    });
  });

  it('break-glass lists all pages, shows one, and judges it by a note that is no argument', async () => {
    const grant = { grant_id: ID, status: 'open', role: 'clinician', reason_code: 'unconscious' };
    answers = (request) => ({
      body: request.includes('?')
        ? { grants: [grant], ...(!request.includes('cursor') && { next_cursor: 'next' }) }
        : { ...grant, user_id: 'user-1' },
    });
    const listed = await ops(['break-glass', 'list', '--status', 'overdue']);
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('2 uses of emergency access.') });
    expect((await ops(['break-glass', 'show', ID])).out).toContain('user-1');
    const judged = await ops(
      ['break-glass', 'review', ID, '--verdict', 'justified', '--note-file', '-'],
      {},
      'Confirmed by the shift lead.\n',
    );
    expect(judged.code).toBe(0);
    await ops(['break-glass', 'revoke', ID]);
    expect(asked.map(({ request, body }) => [request, body])).toEqual([
      ['GET /api/v1/break-glass?status=overdue&limit=100', undefined],
      ['GET /api/v1/break-glass?status=overdue&limit=100&cursor=next', undefined],
      [`GET /api/v1/break-glass/${ID}`, undefined],
      [
        `POST /api/v1/break-glass/${ID}/review`,
        { verdict: 'justified', note: 'Confirmed by the shift lead.' },
      ],
      [`POST /api/v1/break-glass/${ID}/revoke`, undefined],
    ]);
  });

  it.each([
    [['break-glass', 'list', '--status', 'gone'], 'Allowed choices are'],
    [['break-glass', 'review', ID, '--note-file', '-'], '--verdict'],
    [['break-glass', 'review', ID, '--verdict', 'justified'], '--note-file'],
    [['break-glass', 'review', ID, '--verdict', 'fine', '--note-file', '-'], 'Allowed choices are'],
  ])('%j is refused before anything is asked', async (given, said) => {
    expect(await ops(given)).toMatchObject({ code: 1, told: expect.stringContaining(said) });
    expect(asked).toEqual([]);
  });

  it('late shows what waits longer than its alarm allows, also behind a worker that has died, and ends with 2', async () => {
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
    const of = (job_id: string, over: object) => job({ job_id, ...over });
    const late = of('late', { status: 'queued', due_at: ago(1_000) });
    const dose = of('dose', {
      kind: 'reminder-delivery',
      priority: 'CRITICAL',
      status: 'queued',
      due_at: ago(70),
    });
    const dead = of('dead', { status: 'running', due_at: ago(950), lease_until: ago(1) });
    const held = of('held', { status: 'running', due_at: ago(9_000), lease_until: ago(-60) });
    const retrying = of('retrying', { status: 'retrying', due_at: ago(5_000), next_attempt_at: ago(10) });
    const lists: Readonly<Record<string, object[]>> = {
      queued: [dose, of('young', { status: 'queued', due_at: ago(800) }), late, dead],
      retrying: [retrying],
      running: [held, dead],
    };
    const priorities = [
      { priority: 'MEDIUM', status: 'paused' },
      { priority: 'LOW', status: 'running' },
    ];
    answers = (request) => ({
      body: request.endsWith('/priorities')
        ? { priorities }
        : { jobs: lists[/status=(\w+)/.exec(request)?.[1] ?? ''] ?? [] },
    });
    const { code, out } = await ops(['late', '--json']);
    expect(code).toBe(2);
    const said = JSON.parse(out);
    expect(said).toMatchObject({ doses: 1, more: false, paused: ['MEDIUM'] });
    expect(said.jobs.map(({ job_id }: { job_id: string }) => job_id)).toEqual(['late', 'dead', 'dose']);
    answers = () => ({ body: { jobs: [], priorities } });
    expect(await ops(['late'])).toMatchObject({
      code: 0,
      out: 'Nothing is late.\nMEDIUM is paused: its jobs wait on purpose.\n',
    });
  });

  it('late is refused to whoever would not see all jobs: nothing that they see is late would be no news', async () => {
    answers = (request) =>
      request.endsWith('/priorities')
        ? { status: 403, body: { title: 'Forbidden', detail: 'None of your roles may.' } }
        : { body: { jobs: [] } };
    expect(await ops(['late'])).toEqual({
      code: 1,
      out: '',
      told: '403 Forbidden: None of your roles may.\n',
    });
  });
});

describe('what goes wrong', { timeout: 60_000 }, () => {
  it('is said in the words of the API, with what to look for', async () => {
    answers = () => ({
      status: 400,
      body: {
        title: 'Invalid',
        detail: 'See problems.',
        correlation_id: 'c-1',
        problems: [{ pointer: '/from', code: 'wrong_format', detail: 'Write a time.' }],
      },
    });
    const { code, told } = await ops(['list', '--from', 'yesterday']);
    expect(code).toBe(1);
    expect(told).toBe('400 Invalid: See problems.\n  /from: Write a time.\nCorrelation id: c-1\n');
  });

  it.each([
    ['list', 'not this API'],
    ['late', 'not this API'],
    ['priorities', 'not this API'],
  ])('%s takes no other answer for an empty list', async (verb, why) => {
    for (const body of [{}, { jobs: 'none', priorities: {} }, 'a page to log in on']) {
      answers = () => ({ body });
      expect(await ops([verb])).toMatchObject({ code: 1, out: '', told: expect.stringContaining(why) });
    }
  });

  it.each([true, false])(
    'while it follows a bulk action, JSON %s, does not hide which one it was',
    async (json) => {
      answers = (request) =>
        request.startsWith('POST')
          ? { body: bulk() }
          : { status: 401, body: { title: 'Unauthorized', detail: 'Send a token.' } };
      const { code, told } = await ops(['redrive', '--kind', 'backup', '--yes', ...(json ? ['--json'] : [])]);
      expect(code).toBe(1);
      expect(told).toContain('401 Unauthorized');
      expect(told).toContain(`Bulk action ${ID} goes on all the same: "jobs progress ${ID}"`);
    },
  );

  it.each([
    [['list', '--status', 'gone'], {}, /Allowed choices are/],
    [['list', '--limit', '0'], {}, /A whole number from 1/],
    [['pause', 'URGENT'], {}, /Allowed choices are/],
    [['redrive', '--rate', '21'], {}, /A whole number from 1 to 20/],
    [['cancel', ID, '--kind', 'backup'], {}, /Name a job, or say by options/],
    [['list'], { OPS_TOKEN: '' }, /Set OPS_TOKEN/],
    [['list'], { OPS_TOKEN: 'two words' }, /is none: it has spaces/],
    [['list'], { OPS_API_URL: 'nowhere' }, /has to be a URL/],
    [['list'], { OPS_API_URL: 'http://127.0.0.1:59998' }, /did not answer: ECONNREFUSED/],
  ])('%j says why', async (given, environment: Record<string, string>, why) => {
    answers = () => ({ body: {} });
    const { code, out, told } = await ops(given, environment);
    expect(code).toBe(1);
    expect(told).toMatch(why);
    expect(out + told).not.toContain(TOKEN);
    expect(asked).toEqual([]);
  });
});
