import { execFile } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { auditPlaceOf } from '#infra/audit/place.ts';
import { stackFolder } from '#infra/local/stack-folder.ts';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { addHours, type Hour, hourOf } from '#shared/evidence/seal.ts';
import { instantOf } from '#shared/lifecycle/instant.ts';
import { temporaryFile } from '#test/fakes/temporary-file.ts';
import { patient } from './people.ts';

// docs/audit-walkthrough.md, step by step. With AUDIT_WALK=<file> it lasts a month of the stack's clock and writes what
// it was answered to that file, which is where the page has its output from.
const TRANSCRIPT = process.env['AUDIT_WALK'];
const DAYS = TRANSCRIPT === undefined ? [0, 0, 1] : [0, 1, 24];
const MONTH_DAYS = TRANSCRIPT === undefined ? 2 : 31;
// A month has 744 hours to seal and to check.
const PATIENCE_MS = TRANSCRIPT === undefined ? 120_000 : 3_600_000;
const OWNER = 'patient-1031';
const PUBLIC_HEALTH = { 'X-Purpose-Of-Use': 'PUBHLTH' };

type Answer = Readonly<Record<string, unknown>>;
interface Disclosure {
  readonly at: string;
  readonly action: string;
  readonly recipient: { readonly ref: string; readonly role: string };
  readonly purpose: { readonly code: string; readonly declared: boolean };
  readonly in_accounting: boolean;
  readonly job_id?: string;
}

describe('one patient’s month', () => {
  const stack = useStack();
  const laptop = inject('laptopFolder');
  let start: Hour;
  let checked: string;
  let auditor: string;

  const tell = (step: string, text: string): void => {
    if (TRANSCRIPT !== undefined) appendFileSync(TRANSCRIPT, `--- ${step}\n${text}\n`);
  };
  const audit = (...given: string[]) =>
    new Promise<{ code: unknown; out: string }>((resolve) => {
      const args = ['infra/audit/main.ts', '--laptop', laptop, ...given];
      execFile(process.execPath, args, { env: { PATH: process.env['PATH'] } }, (error, out, told) =>
        resolve({ code: error?.code ?? 0, out: out + told }),
      );
    });
  const ask = async (path: string): Promise<Answer> => {
    const { status, body } = await stack.call('GET', path, { token: auditor });
    tell(`GET ${path}`, JSON.stringify(body, undefined, 2));
    expect([path, status]).toEqual([path, 200]);
    return body as Answer; // every answer of this API is a JSON object
  };
  const day = (index: number): Hour => addHours(start, (DAYS[index] ?? 0) * 24);
  const end = (): Hour => addHours(start, MONTH_DAYS * 24);
  const month = () => `from=${start}:00:00Z&to=${end()}:00:00Z`;

  beforeAll(async () => {
    const { deps } = await auditPlaceOf(undefined, stackFolder(laptop));
    const latest = await deps.vault.latest();
    start = latest === undefined ? hourOf(instantOf(Date.now())) : addHours(latest, 1);
    if (TRANSCRIPT !== undefined) start = '2026-12-01T00';
    auditor = await stack.token('auditor', 'auditor-2');
    const owner = await patient(stack, OWNER);

    // The first seal of a new stack is that of the hour before.
    await stack.clock.set(`${start}:21:00.000Z`);
    await stack.invoke('audit-seal');
    await stack.clock.set(`${addHours(day(0), 14)}:05:00.000Z`);
    await owner.takes('metformin-500');
    await stack.clock.set(`${addHours(day(1), 16)}:10:00.000Z`);
    const pharmacist = await stack.token('pharmacist', 'pharmacist-7', { careFor: [OWNER] });
    const { status, body } = await stack.call('POST', '/jobs/interaction-check', {
      token: pharmacist,
      body: { user_id: OWNER, medications: ['warfarin', 'aspirin'] },
    });
    expect([status, body]).toEqual([202, expect.anything()]);
    checked = String((body as Answer)['job_id']);
    await stack.waitForJob(checked, pharmacist);
    const stranger = await stack.token('clinician', 'clinician-9');
    expect((await stack.call('GET', `/jobs/${checked}`, { token: stranger })).status).toBe(404);
    await stack.clock.set(`${addHours(day(2), 18)}:00:00.000Z`);
    const registry = await stack.token('service', 'registry-app');
    const medications = `/users/${OWNER}/medications`;
    expect((await stack.call('GET', medications, { token: registry, headers: PUBLIC_HEALTH })).status).toBe(
      200,
    );
  }, PATIENCE_MS);
  afterAll(() => stack.resetHooks());

  it('begins with who was told what, and has the ground of each', async () => {
    await stack.clock.set(`${end()}:21:00.000Z`);
    const { disclosures } = await ask(`/users/${OWNER}/disclosures?${month()}`);
    const list = disclosures as Disclosure[];
    expect(list.every(({ at }) => at >= start && at < end())).toBe(true);
    expect(list[0]).toMatchObject({
      recipient: { role: 'service' },
      purpose: { code: 'PUBHLTH', declared: true },
      in_accounting: true,
    });
    expect(list.filter(({ job_id }) => job_id === checked)).toContainEqual(
      expect.objectContaining({
        action: 'job.accepted',
        recipient: { ref: expect.any(String), role: 'pharmacist' },
        left_out_because: 'treatment',
      }),
    );
  });

  it('leads from a disclosure to its job, the ground of its acceptance and everybody who looked at it', async () => {
    const evidence = await ask(`/jobs/${checked}/evidence`);
    expect(evidence).toMatchObject({ accepted_as: 'pharmacist', kind: 'interaction-check' });
    expect(evidence['checks']).toHaveLength(12);
    const { entries } = await ask(`/jobs/${checked}/audit`);
    const seen = (entries as { action: string; actor: { role: string } }[]).map(
      ({ action, actor }) => `${action} ${actor.role}`,
    );
    expect(seen[0]).toBe('job.accepted pharmacist');
    const others = ['job.succeeded system', 'request.refused clinician', 'evidence.read auditor'];
    expect(seen).toEqual(expect.arrayContaining(others));
  });

  it(
    'ends with a bundle that is checked offline, and not when a word of it is another',
    async () => {
      // As the hourly rule does it, 20 minutes after each hour; here all that are due, a day of them at a time.
      const until = TRANSCRIPT === undefined ? addHours(day(1), 18) : end();
      await stack.clock.set(`${until}:21:00.000Z`);
      const { deps } = await auditPlaceOf(undefined, stackFolder(laptop));
      for (let days = 0; ((await deps.vault.latest()) ?? '') < addHours(until, -1); days += 1) {
        expect(days).toBeLessThan(MONTH_DAYS + 1);
        await stack.invoke('audit-seal');
      }
      const whole = await audit('verify', '--from', start, '--to', until);
      tell('verify month', whole.out);
      expect([whole.code, whole.out]).toEqual([0, expect.stringContaining('0 unsealed, 0 faulty')]);

      const key = temporaryFile('key.pem', (await audit('key')).out);
      const file = temporaryFile('bundle.json', '');
      const exported = await audit('export', '--job', checked, '--out', file);
      tell('export', exported.out);
      // Nothing answers at that address: the file is all there is.
      const offline = await audit('--laptop', '/nonexistent', 'verify', file, '--key', key);
      tell('verify bundle', offline.out);
      expect([offline.code, offline.out]).toEqual([
        0,
        expect.stringContaining('2 entries verified, 0 unsealed'),
      ]);
      const text = readFileSync(file, 'utf8').replace('"job.succeeded"', '"job.cancelled"');
      const forged = await audit('verify', temporaryFile('forged.json', text), '--key', key);
      tell('verify forged', forged.out);
      expect([forged.code, forged.out]).toEqual([1, expect.stringContaining('NOT WHOLE')]);
    },
    PATIENCE_MS,
  );
});
