import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '#shared/jobs/ports.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { operationsWidget } from './handler.ts';
import type { ApiCall, ApiReply } from './operator-api.ts';

const NOW = '2026-11-29T09:00:00.000Z';
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:widget';
const JOB = '01M8K8HQKENY86Z7J50T354YD0';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcC0xIn0.c2lnbmF0dXJl';

const row = (more: Partial<JobRow> = {}): JobRow => ({
  rowVersion: 1,
  jobId: JOB,
  kind: 'refill-check',
  priority: 'MEDIUM',
  status: 'failed',
  generation: 1,
  attempt: 4,
  attemptLimit: 4,
  fence: 4,
  createdAt: '2026-11-29T08:00:00.000Z',
  dueAt: '2026-11-29T08:00:00.000Z',
  endedAt: '2026-11-29T08:30:00.000Z',
  checks: 0,
  resends: 0,
  round: 0,
  chainSeq: 3,
  chainHash: 'hash',
  userRef: 'hashed-user',
  actorRef: 'hashed-actor',
  actorRole: 'patient',
  correlationId: 'c',
  attempts: [],
  errorCode: 'dependency_failed',
  ...more,
});

/** The widget over these rows, with an API that answers so; `calls` is what it was asked. */
function widget(
  {
    failed = [row()],
    open = [],
    unreadable,
    next,
  }: { failed?: JobRow[]; open?: JobRow[]; unreadable?: number; next?: string },
  reply?: ApiReply | Error,
) {
  const calls: ApiCall[] = [];
  const logged: unknown[] = [];
  const note = (...line: unknown[]) => void logged.push(line);
  const run = operationsWidget({
    store: {
      listOpen: async ({ watches: [watch], priorities }) => ({
        rows: watch === 'open' ? open.filter((one) => priorities.includes(one.priority)) : failed,
        // Of open jobs in one of the priorities.
        ...(unreadable !== undefined && (watch !== 'open' || priorities.includes('HIGH')) && { unreadable }),
        ...(next !== undefined && watch === 'open' && priorities.includes('MEDIUM') && { next }),
      }),
    },
    api: async (call) => {
      calls.push(call);
      if (reply instanceof Error) throw reply;
      return reply ?? { status: 200, body: {} };
    },
    random: { ulid: () => '01M8K8HQKENY86Z7J50T354YD1' },
    clock: () => NOW,
    log: { info: note, warn: note, error: note },
  });
  const ask = async (what: JsonObject = {}, forms: JsonObject = { token: TOKEN }) =>
    run({ ...what, widgetContext: { forms: { all: forms } } }, ARN);
  return { ask, calls, logged };
}

/** What each button in the HTML would call the function with. */
const asksIn = (html: unknown): Json[] =>
  [...String(html).matchAll(/<cwdb-action[^>]*>([^<]*)<\/cwdb-action>/g)].map(([, text = '']) =>
    JSON.parse(text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))),
  );

describe('what anybody who sees the dashboard sees', () => {
  it('failed jobs with reason, attempts and time, and nothing about whose they are', async () => {
    const { ask, calls } = widget({});
    const html = String(await ask({}, {}));
    for (const shown of [
      JOB,
      'refill-check',
      'MEDIUM',
      'dependency_failed',
      '4 of 4',
      '2026-11-29T08:30:00.000Z',
    ])
      expect(html).toContain(shown);
    expect(html).not.toContain('hashed');
    expect(calls).toEqual([]);
  });

  it('late jobs, latest first, by what their priority allows', async () => {
    const waits = (jobId: string, priority: JobRow['priority'], dueAt: string) =>
      row({ jobId, priority, status: 'queued', dueAt });
    const { ask } = widget({
      failed: [],
      open: [
        waits('01M8K8HQKENY86Z7J50T354YC0', 'CRITICAL', '2026-11-29T08:58:00.000Z'),
        waits('01M8K8HQKENY86Z7J50T354YM0', 'MEDIUM', '2026-11-29T08:50:00.000Z'),
        waits('01M8K8HQKENY86Z7J50T354YM1', 'MEDIUM', '2026-11-29T08:40:00.000Z'),
        waits('01M8K8HQKENY86Z7J50T354YW0', 'HIGH', '2026-11-29T10:00:00.000Z'),
      ],
    });
    const html = String(await ask());
    expect([...html.matchAll(/<code>(01M8\w+)<\/code>/g)].map(([, id]) => id)).toEqual([
      '01M8K8HQKENY86Z7J50T354YM1',
      '01M8K8HQKENY86Z7J50T354YC0',
    ]);
    expect(html).toContain('No job has failed for good.');
    expect(html).toContain('1200 s');
  });

  it('does not say that none is late when not all could be read', async () => {
    const held = (checkAt: string) =>
      row({ status: 'running', leaseUntil: '2026-11-29T10:00:00.000Z', checkAt });
    const html = String(
      await widget({ failed: [], open: [held('2026-11-29T10:00:00.000Z')], next: 'next' }).ask(),
    );
    expect(html).toContain('there are more of them');
    expect(html).not.toContain('No job waits');
    // What is not to be looked at for more than an hour is not late.
    const others = [held('2026-11-29T10:00:00.001Z')];
    const healthy = String(await widget({ failed: [], open: others, next: 'next' }).ask());
    expect(healthy).toContain('No job waits');
  });

  it('does not say that none has failed, or is late, when one cannot be read', async () => {
    const html = String(await widget({ failed: [], unreadable: 1 }).ask());
    expect(html).toContain('1 failed jobs cannot be read');
    expect(html).not.toContain('No job has failed');
    expect(html).toContain('1 open jobs cannot be read, and may be late');
    expect(html).not.toContain('No job waits');
    expect(String(await widget({}).ask())).not.toContain('cannot be read');
  });

  it('buttons for what may happen to each: a failed job is retried, one that waits is cancelled', async () => {
    const queued = row({ status: 'queued', jobId: '01M8K8HQKENY86Z7J50T354YM1' });
    const asks = asksIn(await widget({ open: [queued] }).ask());
    expect(asks).toEqual([
      { do: 'count', kind: 'refill-check', to: NOW, code: 'dependency_failed' },
      { do: 'retry', job: JOB },
      { do: 'audit', job: JOB },
      { do: 'cancel', job: queued.jobId },
      { do: 'audit', job: queued.jobId },
    ]);
  });

  it('asks before whatever it does about a job, and says whose token the trail takes', async () => {
    const queued = row({ status: 'queued', jobId: '01M8K8HQKENY86Z7J50T354YM1' });
    const html = String(await widget({ open: [queued] }).ask());
    const asked = [...html.matchAll(/<cwdb-action[^>]*?(?: confirmation="([^"]*)")?>([^<]*)</g)];
    const unasked = asked.filter(([, confirmation, ask = '']) => !confirmation && !ask.includes('count'));
    expect(unasked).toEqual([]);
    expect(html).toMatch(/confirmation="Read the audit trail of [^"]*token of an auditor/);
    expect(html).toContain('an auditor');
  });

  it('offers no retry of all that failed without a code: a filter would name every failed job of the kind', async () => {
    const { errorCode, ...bare } = row();
    const asks = asksIn(await widget({ failed: [bare] }).ask());
    expect(asks).toEqual([
      { do: 'retry', job: JOB },
      { do: 'audit', job: JOB },
    ]);
  });

  it('escapes whatever stands in a row', async () => {
    const html = String(
      await widget({ failed: [row({ errorCode: '"><img src=x onerror=alert(1)>' })] }).ask(),
    );
    expect(html).not.toContain('<img');
    expect(html).toContain('&#60;img');
  });

  it('describes itself', async () => {
    expect(await widget({}).ask({ describe: true })).toEqual({
      markdown: expect.stringContaining('operator'),
    });
  });
});

describe('acting', () => {
  const buttons = [
    [
      { do: 'retry', job: JOB },
      { method: 'POST', path: `/jobs/${JOB}/retry` },
    ],
    [
      { do: 'cancel', job: JOB },
      { method: 'POST', path: `/jobs/${JOB}/cancel` },
    ],
    [
      { do: 'audit', job: JOB },
      { method: 'GET', path: `/jobs/${JOB}/audit?limit=100` },
    ],
    [
      { do: 'progress', bulk: JOB },
      { method: 'GET', path: `/bulk-actions/${JOB}` },
    ],
    [
      { do: 'abort', bulk: JOB },
      { method: 'POST', path: `/bulk-actions/${JOB}/abort` },
    ],
  ] as const;

  it.each(buttons)(
    '%j calls the API as whoever the token names, and never shows the token',
    async (ask, call) => {
      const { ask: press, calls } = widget({}, { status: 200, body: { status: 'queued' } });
      expect(String(await press(ask))).not.toContain(TOKEN);
      expect(calls).toEqual([{ ...call, token: TOKEN }]);
    },
  );

  it.each([{}, { token: '' }, { token: 'no token' }, { token: 7 }, { token: 'a.b' }])(
    'does nothing with %j in the form',
    async (forms) => {
      for (const [ask] of buttons) {
        const { ask: press, calls } = widget({});
        const html = String(await press(ask, forms));
        expect(html).toContain('Nothing was done');
        expect(html).toContain('type="password"');
        expect(calls).toEqual([]);
      }
    },
  );

  it('takes a token with the Bearer that is copied along', async () => {
    const { ask, calls } = widget({});
    await ask({ do: 'retry', job: JOB }, { token: ` Bearer ${TOKEN}\n` });
    expect(calls[0]?.token).toBe(TOKEN);
  });

  it.each([
    { do: 'delete', job: JOB },
    { do: 'retry', job: '../users/patient-1' },
    { do: 'retry' },
    { do: 'count', kind: 'refill-check' },
    { do: 'count', kind: 'refill-check', to: NOW },
    { do: 'count', kind: 'refill-check', to: NOW, code: 'x OR 1' },
    { do: 'start', kind: 'refill-check', to: NOW, rate: '5', key: JOB },
    { do: 'abort', bulk: '1' },
  ])('calls nothing for what no button asks: %j', async (ask) => {
    const { ask: press, calls } = widget({});
    expect(String(await press(ask))).toContain('no such button');
    expect(calls).toEqual([]);
  });

  it('counts all of a reason first, then retries them at a rate, once however often it is pressed', async () => {
    const [count] = asksIn(await widget({}).ask());
    const filter = { kind: 'refill-check', status: 'failed', to: NOW, error_code: 'dependency_failed' };
    const dry = widget({}, { status: 200, body: { dry_run: true, matched: { count: 7, more: false } } });
    const counted = await dry.ask(count as JsonObject);
    expect(dry.calls[0]?.body).toEqual({ action: 'retry', filter, dry_run: true });
    expect(counted).toContain('7 refill-check jobs that failed with dependency_failed');
    const starts = asksIn(counted);
    expect(starts.map((one) => Object(one).rate)).toEqual([1, 5, 20]);
    expect(new Set(starts.map((one) => Object(one).key)).size).toBe(1);
    const start = starts[1];
    const body = { bulk_action_id: JOB, status: 'running', progress: { changed: 2, refused: 1 } };
    const real = widget({}, { status: 202, body });
    const started = await real.ask(start as JsonObject);
    await real.ask(start as JsonObject);
    expect(real.calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
      Array(2).fill('01M8K8HQKENY86Z7J50T354YD1'),
    );
    expect(real.calls[0]?.body).toEqual({ action: 'retry', filter, dry_run: false, rate_per_second: 5 });
    expect(started).toMatch(/2 changed,\n1 could not be\.</);
    expect(asksIn(started)).toEqual([
      { do: 'progress', bulk: JOB },
      { do: 'abort', bulk: JOB },
    ]);
  });

  it('says of a bulk action how many rows could not be read', async () => {
    const progress = { changed: 2, refused: 0, unreadable: 3 };
    const body = { bulk_action_id: JOB, status: 'completed', progress };
    const said = await widget({}, { status: 200, body }).ask({ do: 'progress', bulk: JOB });
    expect(said).toContain('3 rows cannot be read: event job.unreadable in the log');
  });

  it('says of a long trail that it is not shown to its end', async () => {
    const entries = [
      { at: NOW, action: 'job.accepted', outcome: 'success', actor: { role: 'patient', ref: 'r' } },
    ];
    const press = async (body: JsonObject) =>
      widget({}, { status: 200, body }).ask({ do: 'audit', job: JOB });
    expect(await press({ entries, next_cursor: 'next' })).toContain('There are later entries');
    expect(await press({ entries })).not.toContain('There are later entries');
  });

  it('offers nothing to start when there is nothing left', async () => {
    const { ask } = widget({}, { status: 200, body: { matched: { count: 0, more: false } } });
    const code = 'dependency_failed';
    expect(asksIn(await ask({ do: 'count', kind: 'refill-check', to: NOW, code }))).toEqual([]);
  });

  it('says what the API says when it refuses, escaped', async () => {
    const { ask } = widget(
      {},
      { status: 403, body: { code: 'forbidden', detail: 'None of your <roles> may.' } },
    );
    const html = await ask({ do: 'retry', job: JOB });
    expect(html).toContain('Refused (403 forbidden).');
    expect(html).toContain('None of your &#60;roles&#62; may.');
  });

  it('says so when the API was not reached, without the reason, which may name the token', async () => {
    const { ask, logged } = widget({}, new Error(`connect failed for ${TOKEN}`));
    const html = await ask({ do: 'retry', job: JOB });
    expect(logged).toEqual([['widget.api_unreachable', { error_name: 'Error' }]]);
    expect(html).toContain('was not reached');
    expect(html).not.toContain(TOKEN);
  });
});
