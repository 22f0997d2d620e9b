import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stackFolder } from '#infra/local/stack-folder.ts';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { activate, NO_PACK, rollback } from '#infra/reference/activate.ts';
import { type ImportOrder, importPack } from '#infra/reference/import-pack.ts';
import type { PackStore } from '#infra/reference/pack-store.ts';
import { packsOf } from '#infra/reference/place.ts';
import { statusOf } from '#infra/reference/status.ts';
import { REFERENCE_KEYS } from '#shared/contract/reference.ts';
import { RXNCONSO, RXNREL } from '#test/builders/rxnorm-files.ts';

const USER = 'reference-data';
const PAIRS = `a,b,level,effect,management,source,date,verification,assessed
Zorbex,warfarin,major,Invented effect.,Invented management.,Invented source,2026,unverified,a
`;

describe('a deployment’s own reference data', () => {
  const stack = useStack();
  const folder = mkdtempSync(join(tmpdir(), 'reference-'));
  let packs: PackStore;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const bring = (format: ImportOrder['format'], ...files: string[]) =>
    importPack(
      { format, files, alone: false, acceptLosses: false, mostRejectedPercent: 5, dryRun: false },
      { store: packs, now: new Date().toISOString(), onReject: () => undefined, onProgress: () => undefined },
    );
  /** The result of a real job, after the workers have had time to see another pack. */
  const check = async (...medications: string[]) => {
    await stack.clock.advance('PT6M');
    const token = await stack.token('pharmacist', 'reference-pharmacist', { careFor: [USER] });
    const accepted = await stack.call('POST', '/jobs/interaction-check', {
      token,
      body: { user_id: USER, medications },
    });
    expect(accepted.status).toBe(202);
    const { job_id } = { job_id: '', ...Object(accepted.body) };
    const job = await stack.waitForJob(job_id, token);
    return Object(job['result']);
  };

  beforeAll(async () => {
    packs = await packsOf(undefined, stackFolder(inject('laptopFolder')));
  });
  afterAll(async () => {
    await activate(packs, NO_PACK, new Date().toISOString());
    await stack.resetHooks();
    rmSync(folder, { recursive: true });
  });

  it('makes names known that were unknown before, and no more than that', async () => {
    const before = await check('Zorbex 5 mg', 'warfarin');
    expect(before).toMatchObject({ outcome: 'incomplete', unrecognised: [{ medication: 'Zorbex 5 mg' }] });
    const { refusals, made } = await bring(
      'rxnorm-rrf',
      file('RXNCONSO.RRF', RXNCONSO),
      file('RXNREL.RRF', RXNREL),
    );
    expect(refusals).toEqual([]);
    const after = await check('Zorbex 5 mg', 'warfarin');
    expect(after).toMatchObject({
      outcome: 'incomplete',
      unrecognised: [],
      not_assessed: [{ ingredient: 'zorbexil', reason: 'recognised_not_assessed' }],
      data_set: { id: expect.stringContaining(made?.pack.id ?? '-') },
    });
    expect(after.data_set.version).not.toBe(before.data_set.version);
  });

  it('adds rules of one’s own on top of the names', async () => {
    const { refusals, made } = await bring('pairs-csv', file('pairs.csv', PAIRS));
    expect(refusals).toEqual([]);
    expect(made?.pack.parts.map(({ format }) => format)).toEqual(['rxnorm-rrf', 'pairs-csv']);
    expect(await check('99000001', 'warfarin')).toMatchObject({
      outcome: 'findings',
      findings: [{ rule_id: 'own-warfarin-zorbexil', level: 'major', source: 'Invented source' }],
      data_set: { version: expect.stringContaining(`-pack-${made?.pack.version}`) },
    });
  });

  it('is what a re-check is made with that is ordered right after the import', async () => {
    const { data_set: dataSet } = await check('99000001', 'warfarin');
    const token = await stack.token('pharmacist', 'reference-pharmacist', { careFor: [USER] });
    const recheck = async () => {
      const body = { data_set: `${dataSet.id}@${dataSet.version}` };
      const { body: accepted } = await stack.call('POST', '/interaction-results/recheck', { token, body });
      const { job_id } = { job_id: '', ...Object(accepted) };
      const job = await stack.waitForJob(job_id, token, ['succeeded', 'failed'], 60);
      return Object(job['result']);
    };
    // Now the workers of re-checks know the pack, too, and would go by it for five minutes.
    for (let time = 0; time < 2; time += 1)
      expect((await recheck()).data_sets).toEqual([`${dataSet.id}@${dataSet.version}`]);
    const { made } = await bring(
      'pairs-csv',
      file('pairs.csv', PAIRS.replace('effect.', 'effect after all.')),
    );
    expect((await recheck()).data_sets).toEqual([expect.stringContaining(made?.pack.id ?? '-')]);
  });

  it('refuses a bad file and keeps what is in use', async () => {
    const inUse = (await packs.pointer())?.pointer?.pack;
    const bad = file('bad.csv', PAIRS.replace('Zorbex,warfarin,major', 'Nobody,warfarin,high'));
    const { refusals, made } = await bring('pairs-csv', bad);
    expect(refusals).toEqual(['No line of the files was accepted.']);
    expect(made).toBeUndefined();
    expect((await packs.pointer())?.pointer?.pack).toEqual(inUse);
    expect(await check('Zorbex', 'warfarin')).toMatchObject({ outcome: 'findings' });
  });

  it('keeps the last good pack when the one in use is damaged, and says so in the status', async () => {
    const inUse = (await packs.pointer())?.pointer?.pack;
    const { made } = await bring('pairs-csv', file('pairs.csv', PAIRS.replace('major', 'moderate')));
    const key = { Bucket: stack.stack.buckets.reference, Key: REFERENCE_KEYS.pack(made?.pack.id ?? '') };
    await stack.clients.s3.send(new PutObjectCommand({ ...key, Body: 'damaged' }));
    expect(await check('Zorbex', 'warfarin')).toMatchObject({
      findings: [{ level: 'major' }],
      data_set: { id: expect.stringContaining(inUse?.id ?? '-') },
    });
    expect(await statusOf(packs)).toMatchObject({ problem: expect.any(String), inUse: undefined });
    expect(await rollback(packs, new Date().toISOString())).toEqual(inUse);
    expect(await statusOf(packs)).toMatchObject({ pack: { id: inUse?.id }, problem: undefined });
  });
});
