import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DisableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { LAPTOP_CLIENT } from '#infra/constructs/issuers.ts';
import { callApi, textOf } from '#infra/local/api-client.ts';
import { type DemoResult, runDemo } from '#infra/local/demo/run-demo.ts';
import { issuerKeys } from '#infra/local/front/issuer.ts';
import { mintToken } from '#infra/local/front/mint-token.ts';
import { moveClock } from '#infra/local/hooks/move-clock.ts';
import { laptopClients } from '#infra/local/laptop-clients.ts';
import type { StackFile } from '#infra/local/stack-file.ts';
import { type StackFolder, stackFolder } from '#infra/local/stack-folder.ts';
import { bringUp } from '#infra/local/stack-lifecycle.ts';
import { stopSupervisor } from '#infra/local/supervision.ts';
import { ROUTES } from '#shared/contract/routes.ts';
import type { Role } from '#shared/lifecycle/role.ts';
import {
  DEMO_PATIENT,
  type DemoFacts,
  demoQuestions,
  differingMembers,
  MAY_DIFFER,
  NOT_ASKED,
} from './demo-questions.ts';

const WISHES = { attached: true, emulatorPort: 0, frontPort: 0 };
const MINUTES = 60_000;
const DAYS = 86_400_000;
/** Beyond the demo's dose, and beyond what the change log has not settled yet. */
const AHEAD = 15 * MINUTES;

/** A stack with its API, for whoever asks. */
class Place {
  readonly stack: StackFile;
  readonly #privateJwk: JWK;

  constructor(stack: StackFile, privateJwk: JWK) {
    this.stack = stack;
    this.#privateJwk = privateJwk;
  }

  static async up(folder: StackFolder): Promise<Place> {
    const { stack } = await bringUp(folder, WISHES, () => undefined);
    return new Place(stack, (await issuerKeys(folder)).privateJwk);
  }

  demo(): Promise<DemoResult> {
    return runDemo(this.stack, this.#privateJwk, () => undefined);
  }

  /** As one of the demo's users: the patient, or somebody of that role who cares for the patient. */
  async call(role: Role, method: string, path: string, given: { body?: unknown; text?: string } = {}) {
    const subject = role === 'patient' ? DEMO_PATIENT : `demo-${role}`;
    const cares = role === 'pharmacist' && { careFor: [DEMO_PATIENT] };
    const wishes = { role, subject, clientId: LAPTOP_CLIENT, ...cares };
    const token = await mintToken(
      { issuer: this.stack.issuer, privateJwk: this.#privateJwk },
      wishes,
      Date.now(),
    );
    const headers = given.text === undefined ? {} : { 'content-type': 'application/x-ndjson' };
    return callApi(this.stack.apiUrl, method, path, { token, headers, ...given });
  }

  /** Asks for a job by the operator and waits for its end. */
  async job(kind: string, body: object): Promise<unknown> {
    const { body: accepted } = await this.call('operator', 'POST', `/jobs/${kind}`, { body });
    const path = `/jobs/${textOf(accepted, 'job_id')}`;
    let job: unknown;
    await expect
      .poll(
        async () => {
          job = (await this.call('operator', 'GET', path)).body;
          return textOf(job, 'status');
        },
        { interval: 100, timeout: 60_000 },
      )
      .toBe('succeeded');
    return job;
  }

  /** Nothing runs by itself any more: doses would be told twice, and answers would change between two questions. */
  async stopRules(): Promise<void> {
    const { events } = laptopClients(this.stack.awsEndpointUrl);
    const { Rules = [] } = await events.send(new ListRulesCommand({}));
    for (const { Name } of Rules) await events.send(new DisableRuleCommand({ Name }));
  }

  /** Waits until the streams have told the change log of all that has happened. */
  async settled(): Promise<void> {
    const { s3 } = laptopClients(this.stack.awsEndpointUrl);
    const list = new ListObjectsV2Command({ Bucket: this.stack.buckets.backup, Prefix: 'changes/' });
    let before = -1;
    const isQuiet = async () => {
      const { KeyCount = 0 } = await s3.send(list);
      const same = KeyCount === before;
      before = KeyCount;
      return same;
    };
    await expect.poll(isQuiet, { interval: 3_000, timeout: 60_000 }).toBe(true);
  }
}

/** What the demo's users do after the full backup, so that the increment has changes, deletions and answers to hold. */
async function moreTraffic(place: Place): Promise<string> {
  const user = `/users/${DEMO_PATIENT}`;
  const told = async (role: Role, method: string, path: string, given: { body?: unknown; text?: string }) => {
    const { status, body } = await place.call(role, method, path, given);
    expect([path, status < 300, body]).toEqual([path, true, body]);
    return body;
  };
  await told('patient', 'PUT', `${user}/preferences`, { body: { time_zone: 'America/New_York' } });
  await told('patient', 'PUT', `${user}/care-team`, {
    body: {
      care_team: [
        { member_id: 'demo-clinician', scope: ['see_reminders'], consented_at: '2026-01-01T00:00:00Z' },
      ],
    },
  });
  await told('pharmacist', 'PUT', `${user}/medications/med-later`, { body: { name: 'Metformin 500 mg' } });
  await told('pharmacist', 'PUT', `${user}/medications/med-gone`, { body: { name: 'Aspirin 81 mg' } });
  await told('patient', 'DELETE', `${user}/medications/med-gone`, {});
  const schedule = { frequency: 'QD', times: ['09:00'], time_zone: 'America/New_York' };
  const line = JSON.stringify({ user_id: DEMO_PATIENT, medication_id: 'med-moved-in', schedule });
  const imported = await told('pharmacist', 'POST', '/imports', { text: line });
  const id = textOf(imported, 'import_id');
  const isDone = async () => textOf((await place.call('pharmacist', 'GET', `/imports/${id}`)).body, 'status');
  await expect.poll(isDone, { interval: 200, timeout: 30_000 }).toBe('completed');
  return id;
}

describe('the demo, backed up and restored into a second laptop stack', () => {
  const [first, second] = ['demo-first', 'demo-second'].map((name) =>
    stackFolder(join(inject('laptopFolder'), name)),
  ) as [StackFolder, StackFolder];
  const backup = (...given: string[]) =>
    new Promise<{ code: unknown; out: string; told: string }>((resolve) => {
      const args = ['infra/backup/main.ts', '--laptop', first.root, ...given];
      execFile(process.execPath, args, { env: { PATH: process.env['PATH'] } }, (error, out, told) => {
        resolve({ code: error?.code ?? 0, out, told });
      });
    });

  // Not on the emulator of the tests' own stack, which their setup names.
  beforeAll(() => void vi.stubEnv('AWS_ENDPOINT_URL', undefined));
  afterAll(async () => {
    vi.unstubAllEnvs();
    await Promise.all([first, second].map(stopSupervisor));
  });

  it('every question that rests on what is backed up is asked', () => {
    const facts: DemoFacts = {
      jobs: [{ kind: 'x', job_id: 'x' }],
      importId: 'x',
      from: '',
      now: '',
      until: '',
    };
    const asked = new Set<string>(demoQuestions(facts).map(({ route }) => route));
    const gets = Object.entries(ROUTES).filter(([, { method }]) => method === 'GET');
    expect(gets.map(([route]) => [route, asked.has(route) !== route in NOT_ASKED])).toEqual(
      gets.map(([route]) => [route, true]),
    );
  });

  it('answers the same questions in the same way', async () => {
    const from = new Date(Date.now() - 2 * DAYS).toISOString();
    const here = await Place.up(first);
    const coming = Place.up(second);
    // Its failure is told where it is waited for.
    coming.catch(() => undefined);
    const demo = await here.demo();
    expect(demo.asExpected).toBe(true);

    const type = (backup_type: string) => ({ backup_type, storage_config: { type: 's3', path: 'demo' } });
    const full = await here.job('backup', type('full'));
    const importId = await moreTraffic(here);
    await here.stopRules();
    await here.settled();
    await moveClock(here.stack, AHEAD);
    const increment = await here.job('backup', type('incremental'));
    await here.settled();

    const there = await coming;
    await moveClock(there.stack, AHEAD);
    await there.stopRules();
    // Somebody looks whether it answers: its functions hold the keys now that it made for itself.
    for (const path of ['/jobs', `/users/${DEMO_PATIENT}/medications`])
      expect((await there.call('patient', 'GET', path)).status).toBe(200);
    // What a rule has started has ended by then.
    await sleep(2_000);
    const answer = await backup('restore', '--latest', '--to-laptop', second.root, '--json');
    expect([answer.told, answer.code, JSON.parse(answer.out)]).toMatchObject(['', 0, { same: true }]);

    expect(increment).toMatchObject({ result: { backup_type: 'incremental' } });
    const jobs = demo.rows.map(({ kind, job_id }) => ({ kind, job_id }));
    for (const one of [full, increment]) jobs.push({ kind: 'backup', job_id: textOf(one, 'job_id') });
    const now = new Date(Date.now() + AHEAD).toISOString();
    const until = new Date(Date.now() + 7 * DAYS).toISOString();
    const differences: unknown[] = [];
    const answered = new Map<string, string>();
    for (const { route, role, path } of demoQuestions({ jobs, importId, from, now, until })) {
      const [one, other] = await Promise.all([here, there].map((place) => place.call(role, 'GET', path)));
      if (one?.status === 200) answered.set(route, `${answered.get(route) ?? ''}${JSON.stringify(one.body)}`);
      const members = differingMembers(one?.body, other?.body).filter((name) => !(name in MAY_DIFFER));
      if (one?.status !== other?.status || members.length > 0)
        differences.push({ role, path, status: [one?.status, other?.status], members });
    }
    expect(differences).toEqual([]);
    // It is about something: every question has an answer, in which what the demo has done is found.
    const expected = {
      listJobs: 'analytics-roll-up',
      getJob: '"findings"',
      listReminders: '"published"',
      listMedications: 'med-later',
      getPreferences: 'America/New_York',
      getCareTeam: 'demo-clinician',
      exportUser: 'med-gone',
      findInteractionResults: textOf(
        demo.rows.find(({ kind }) => kind === 'interaction-check'),
        'job_id',
      ),
      getImport: '"completed"',
    };
    for (const [route, found] of Object.entries(expected)) expect(answered.get(route)).toContain(found);
    for (const route of ['listPriorities', 'listBreakGlass', 'health', 'getErasure'])
      expect([route, answered.has(route)]).toEqual([route, true]);
  }, 240_000);
});
