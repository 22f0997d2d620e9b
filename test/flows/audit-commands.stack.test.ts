import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { auditPlaceOf } from '#infra/audit/place.ts';
import { stackFolder } from '#infra/local/stack-folder.ts';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { auditPut } from '#shared/adapters/audit-items.ts';
import { standaloneEntry } from '#shared/evidence/audit-chain.ts';
import { addHours, type Hour, hourOf } from '#shared/evidence/seal.ts';
import { instantOf } from '#shared/lifecycle/instant.ts';
import { sampleEntry, unique } from '#test/contracts/sample-jobs.ts';
import { temporaryFile } from '#test/fakes/temporary-file.ts';
import { patient } from './people.ts';

const OWNER = 'flow-audit-owner';
const BODY = { user_id: OWNER, medications: ['aspirin'] };

// `npm run audit` as a person runs it, over a trail that the deployed functions have written and sealed.
describe('an auditor at the laptop stack', () => {
  const stack = useStack();
  const laptop = inject('laptopFolder');
  let hour: Hour;
  let jobId: string;
  let publicKey: string;
  let auditor: string;

  const audit = (...given: string[]) =>
    new Promise<{ code: unknown; out: string; told: string }>((resolve) => {
      const args = ['infra/audit/main.ts', '--laptop', laptop, ...given];
      execFile(process.execPath, args, { env: { PATH: process.env['PATH'] } }, (error, out, told) => {
        resolve({ code: error?.code ?? 0, out, told });
      });
    });
  const verifyHour = (of = hour) => audit('verify', '--from', of, '--to', addHours(of, 1));
  const keyFile = () => temporaryFile('key.pem', publicKey);
  const get = async (path: string, token = auditor) => {
    const { status, body } = await stack.call('GET', path, { token });
    expect([path, status]).toEqual([path, 200]);
    return body as Record<string, unknown>; // every answer of this API is a JSON object
  };

  beforeAll(async () => {
    const { deps } = await auditPlaceOf(undefined, stackFolder(laptop));
    // Other tests move the clock and may have had hours sealed that are still to come.
    const latest = await deps.vault.latest();
    hour = latest === undefined ? hourOf(instantOf(Date.now())) : addHours(latest, 1);
    await stack.clock.set(`${hour}:05:00.000Z`);
    auditor = await stack.token('auditor', 'flow-auditor');
    const owner = await patient(stack, OWNER);
    ({ jobId } = await owner.submit('interaction-check', { medications: BODY.medications }));
    await stack.waitForJob(jobId, owner.token);
    publicKey = (await audit('key')).out;
  });
  afterAll(() => stack.resetHooks());

  it('is shown an hour as unsealed, and a receipt without proofs, before the seal', async () => {
    const { code, out } = await verifyHour();
    expect([code, out]).toEqual([0, expect.stringContaining('0 hours verified, 1 unsealed, 0 faulty')]);
    expect(await get(`/jobs/${jobId}/receipt`)).toMatchObject({ status: 'succeeded', proofs: [], seals: [] });
  });

  it('finds in the trail of the patient what was done, by whom and on which ground', async () => {
    const { entries } = await get(`/users/${OWNER}/audit?from=${hour}:00:00Z&to=${addHours(hour, 1)}:00:00Z`);
    const actions = (entries as { action: string }[]).map(({ action }) => action);
    expect(actions.slice(0, 1)).toEqual(['job.accepted']);
    expect(actions).toEqual(expect.arrayContaining(['job.succeeded', 'job.read', 'receipt.read']));
    const { checks } = await get(`/jobs/${jobId}/evidence`);
    expect(checks).toHaveLength(12);
    const { entry } = await get(`/jobs/${jobId}/audit?format=fhir&limit=2`);
    expect(entry).toMatchObject([
      { resource: { resourceType: 'AuditEvent', action: 'C', outcome: '0' } },
      { resource: {} },
    ]);
    expect(JSON.stringify([entries, checks, entry])).not.toMatch(/aspirin|flow-audit-owner/);
  });

  it('verifies the hour online once it is sealed', async () => {
    await stack.clock.set(`${addHours(hour, 1)}:21:00.000Z`);
    await stack.invoke('audit-seal');
    const { code, out } = await verifyHour();
    expect([code, out]).toEqual([0, expect.stringContaining('1 hours verified, 0 unsealed, 0 faulty')]);
    expect(out).toContain('Nothing was found that should not be so.');
  });

  it('takes the evidence of a job along and checks it offline', async () => {
    const file = temporaryFile('bundle.json', '');
    const exported = await audit('export', '--job', jobId, '--out', file);
    expect([exported.code, exported.out]).toEqual([
      0,
      expect.stringMatching(/(\d+) entries, \1 of them sealed/),
    ]);
    const { code, out } = await audit('verify', file, '--key', keyFile());
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('Signed with the key that is known from elsewhere.'),
    ]);
    const forged = temporaryFile('forged.json', readFileSync(file, 'utf8').replace('"success"', '"failure"'));
    expect((await audit('verify', forged, '--key', keyFile())).code).toBe(1);
    const unknown = await audit('export', '--job', '01JZZZZZZZZZZZZZZZZZZZZZZZ');
    expect([unknown.code, unknown.told]).toEqual([1, expect.stringContaining('knows no job')]);
  });

  it('holds the receipt of the patient and the body that was sent against the seal', async () => {
    const token = await stack.token('patient', OWNER);
    const receipt = temporaryFile('receipt.json', JSON.stringify(await get(`/jobs/${jobId}/receipt`, token)));
    const body = temporaryFile('body.json', JSON.stringify(BODY));
    const { code, out } = await audit('verify', receipt, '--key', keyFile(), '--request', body);
    expect([code, out]).toEqual([0, expect.stringContaining('2 entries verified, 0 unsealed.')]);
    expect(out).toContain('The body that was given is the one that was ordered.');
  });

  it('is told of an item that is no entry, and the seals go on', async () => {
    const spoilt = addHours(hour, 1);
    const entry = standaloneEntry({ ...sampleEntry(), at: `${spoilt}:30:00.000Z` }, unique('e'));
    const { action, ...Item } = auditPut('', entry).Item;
    expect(action).toBeDefined();
    await stack.clients.dynamo.send(new PutItemCommand({ TableName: stack.stack.tables.audit, Item }));
    await stack.clock.set(`${addHours(spoilt, 2)}:21:00.000Z`);
    await stack.invoke('audit-seal');
    const faulty = await verifyHour(spoilt);
    expect([faulty.code, faulty.out]).toEqual([1, expect.stringContaining('item_unreadable')]);
    const next = await verifyHour(addHours(spoilt, 1));
    expect([next.code, next.out]).toEqual([0, expect.stringContaining('1 hours verified')]);
  });
});
