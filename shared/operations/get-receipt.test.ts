import { beforeEach, describe, expect, it } from 'vitest';
import { RECEIPT_BODY, receiptBench } from '#test/builders/receipt-bench.ts';
import { callerAs, submitted } from '#test/builders/test-engine.ts';
import { type Receipt, verifyReceipt } from '../evidence/receipt.ts';
import { saltedHash } from './payload-envelope.ts';

let bench: Awaited<ReturnType<typeof receiptBench>>;
beforeEach(async () => {
  bench = await receiptBench();
});

const verified = (receipt: unknown) => verifyReceipt(receipt, bench.key.publicKey);

describe('the receipt of a job that has ended', () => {
  it('says what was ordered and what became of it, and where that stands in the trail', async () => {
    const row = await bench.engine.store.read(bench.jobId);
    expect(await bench.receipt()).toMatchObject({
      v: 1,
      job_id: bench.jobId,
      kind: bench.kind.name,
      status: 'succeeded',
      generation: 1,
      accepted_at: row?.createdAt,
      ended_at: row?.endedAt,
      chain: { sequence: 2, hash: row?.chainHash },
      entries: [{ action: 'job.accepted' }, { action: 'job.succeeded' }],
      proofs: [],
      seals: [],
    });
  });

  it('lets the client compute the hash of what it sent again', async () => {
    const { request } = await bench.receipt();
    expect(request?.salt).toMatch(/^[0-9a-f]{64}$/);
    expect(saltedHash(RECEIPT_BODY, request?.salt ?? '')).toBe(request?.hash);
  });

  it('is unsealed at first, and proved from the next seal on', async () => {
    expect(verified(await bench.receipt())).toMatchObject({ faults: [], sealed: 0, unsealed: 2 });
    await bench.seal();
    const receipt = await bench.receipt();
    expect(receipt.seals).toHaveLength(1);
    expect(verified(receipt)).toMatchObject({ faults: [], sealed: 2, unsealed: 0 });
  });

  it('holds no name, no id of a patient, and nothing of others', async () => {
    await bench.seal();
    expect(JSON.stringify(await bench.receipt())).not.toMatch(/user-1|other-|finding/);
  });

  it('gives the salt to those only who are shown the result', async () => {
    const salted = async (role: 'clinician' | 'service' | 'operator' | 'auditor' | 'admin') =>
      (await bench.receipt(callerAs(role, 'x', ['user-1']))).request?.salt !== undefined;
    expect([await salted('clinician'), await salted('service')]).toEqual([true, true]);
    for (const role of ['operator', 'auditor', 'admin'] as const) expect(await salted(role)).toBe(false);
    bench.engine.db.erased.add(bench.engine.refs.user('user-1'));
    expect(await salted('clinician')).toBe(false);
  });

  it('has none before the end, and none for strangers', async () => {
    const { jobId } = await submitted(bench.engine, bench.kind, { payload: RECEIPT_BODY });
    await expect(bench.receipt(undefined, jobId)).rejects.toMatchObject({ code: 'state_conflict' });
    const stranger = callerAs('patient', 'user-2');
    await expect(bench.receipt(stranger)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('comes without proofs when the hashes of an hour are gone or are not its own', async () => {
    await bench.seal();
    const { leaves } = bench.engine.vault;
    const [[key = '', bytes = new Uint8Array()] = []] = [...leaves];
    leaves.set(key, Uint8Array.from(bytes).fill(0, 0, 32));
    expect((await bench.receipt()).proofs.length).toBeLessThan(2);
    leaves.clear();
    expect(await bench.receipt()).toMatchObject({ proofs: [], seals: [] });
  });
});

describe('a receipt that somebody has changed', () => {
  /** Every value in it, by the names that lead there. */
  const valuesOf = (
    value: unknown,
    path: readonly string[] = [],
  ): { path: readonly string[]; value: unknown }[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) => valuesOf(inner, [...path, name]))
      : [{ path, value }];

  const changed = (receipt: Receipt, path: readonly string[]): unknown => {
    const copy: unknown = structuredClone(receipt);
    const holder = path.slice(0, -1).reduce<unknown>((at, name) => Object(at)[name], copy);
    const name = path.at(-1) ?? '';
    const old = Object(holder)[name];
    const other =
      typeof old === 'string' ? `${old.slice(0, -1)}${old.endsWith('0') ? '1' : '0'}` : Number(old) + 1;
    Object.assign(Object(holder), { [name]: typeof old === 'boolean' ? !old : other });
    return copy;
  };

  it('is found, whichever of its values it was, but for the salt, which the body tells', async () => {
    await bench.seal();
    const receipt = await bench.receipt();
    const values = valuesOf(receipt);
    expect(values.length).toBeGreaterThan(60);
    const unnoticed = values.filter(({ path }) => verified(changed(receipt, path)).faults.length === 0);
    expect(unnoticed.map(({ path }) => path.join('.'))).toEqual(['request.salt']);
  });

  it('is found when something was added, taken away or exchanged', async () => {
    await bench.seal();
    const receipt = await bench.receipt();
    const [accepted, ended] = receipt.entries;
    for (const forged of [
      { ...receipt, more: 1 },
      { ...receipt, request: undefined },
      { ...receipt, seals: [] },
      { ...receipt, entries: [ended, accepted] },
      { ...receipt, entries: [accepted, accepted] },
      {
        ...receipt,
        proofs: receipt.proofs
          .toReversed()
          .map((proof, at) => ({ ...proof, entryId: receipt.entries[at]?.entryId })),
      },
      { ...receipt, proofs: [...receipt.proofs, receipt.proofs[0]] },
      undefined,
      [],
    ])
      expect(verified(forged).faults).not.toEqual([]);
    expect(verifyReceipt(receipt, undefined).faults).toEqual(['signature_invalid']);
    // Nothing is proved without proofs, and it says so.
    expect(verified({ ...receipt, proofs: [] })).toMatchObject({ faults: [], sealed: 0, unsealed: 2 });
  });
});
