import { beforeEach, describe, expect, it } from 'vitest';
import { createPseudonymize, createPseudonymsOf } from '#shared/adapters/audit-pseudonyms.ts';
import { createKeyRing } from '#shared/adapters/key-ring.ts';
import { refsOf } from '#shared/adapters/refs.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { getPreferences } from '#shared/operations/get-preferences.ts';
import { listDisclosures } from '#shared/operations/list-disclosures.ts';
import { listMedications } from '#shared/operations/list-medications.ts';
import { problemOf } from '#test/builders/records-bench.ts';
import { PATIENT, RightsBench, USER } from '#test/builders/rights-bench.ts';
import { callerAs, createTestEngine, requestAt } from '#test/builders/test-engine.ts';
import { scriptedKms, scriptedTables } from '#test/contracts/scripted-aws.ts';

interface Disclosure {
  readonly at: string;
  readonly action: string;
  readonly recipient: { readonly ref: string; readonly role: string };
}

let bench: RightsBench;
beforeEach(async () => {
  bench = new RightsBench();
  await bench.fill();
});

const list = async (
  query: Partial<Parameters<typeof listDisclosures>[2]['query']> = {},
  caller = PATIENT,
) => {
  const target = { userId: USER, query: { limit: 100, ...query } };
  const answer = await listDisclosures(bench.engine, caller, target, requestAt(bench.engine));
  return {
    ...answer,
    next: answer['next_cursor'] as string | undefined,
    disclosures: answer['disclosures'] as unknown as readonly Disclosure[],
  };
};

describe('the accounting of disclosures', () => {
  it('lists who saw or changed what, when and what for, the newest first; nothing that the system did', async () => {
    const clinician = { ...callerAs('clinician', 'doctor', [USER]), purpose: 'PUBHLTH' as const };
    bench.days(1);
    await listMedications(bench.engine, clinician, { userId: USER }, requestAt(bench.engine));
    bench.days(1);
    await getPreferences(bench.engine, PATIENT, { userId: USER }, requestAt(bench.engine));
    bench.days(1);
    const { disclosures } = await list();
    expect(disclosures.slice(0, 2)).toMatchObject([
      {
        at: '2026-11-25T20:55:41.000Z',
        action: 'preferences.read',
        recipient: { ref: bench.engine.refs.actor(USER), role: 'patient' },
        purpose: { code: 'PATRQT', declared: false },
        in_accounting: false,
        left_out_because: 'to_the_individual',
      },
      {
        at: '2026-11-24T20:55:41.000Z',
        action: 'medications.read',
        recipient: { ref: bench.engine.refs.actor('doctor'), role: 'clinician' },
        purpose: { code: 'PUBHLTH', declared: true },
        in_accounting: true,
      },
    ]);
    expect(new Set(disclosures.map(({ recipient }) => recipient.role))).toEqual(
      new Set(['patient', 'clinician', 'service']),
    );
    expect(bench.actions('disclosures.read')).toHaveLength(1);
  });

  it('knows who was behind a service', async () => {
    const service = { ...callerAs('service', 'app'), onBehalfOf: 'nurse' };
    await listMedications(bench.engine, service, { userId: USER }, requestAt(bench.engine));
    bench.days(1);
    const { disclosures } = await list();
    expect(disclosures[0]?.recipient).toMatchObject({ on_behalf_of_ref: bench.engine.refs.user('nurse') });
  });

  it('reaches six years back and no further, and keeps to the range that was asked for', async () => {
    const read = () => getPreferences(bench.engine, PATIENT, { userId: USER }, requestAt(bench.engine));
    for (const at of ['2027-01-01T00:00:00.000Z', '2027-06-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z']) {
      bench.engine.time.set(at);
      await read();
    }
    bench.engine.time.set('2033-03-01T00:00:00.000Z');
    const all = await list({ from: '2020-01-01T00:00:00.000Z' });
    expect(all).toMatchObject({ from: '2027-03-01T00:00:00.000Z', to: '2033-03-01T00:00:00.000Z' });
    expect(all.disclosures.map(({ at }) => at.slice(0, 7))).toEqual(['2030-01', '2027-06']);
    const some = await list({ from: '2027-06-01T00:00:00.000Z', to: '2030-01-01T00:00:00.000Z' });
    expect(some.disclosures.map(({ at }) => at.slice(0, 7))).toEqual(['2027-06']);
  });

  it('comes in pages that leave nothing out', async () => {
    bench.days(1);
    const whole = (await list()).disclosures;
    bench.engine.db.audit.forEach((entry, key) => {
      if (entry.action === 'disclosures.read') bench.engine.db.audit.delete(key);
    });
    const shown: Disclosure[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 2, ...(cursor !== undefined && { cursor }) });
      shown.push(...page.disclosures.filter(({ action }) => action !== 'disclosures.read'));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(shown).toEqual(whole);
  });

  it('goes on after an erasure', async () => {
    bench.days(1);
    const before = (await list()).disclosures;
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    const after = (await list()).disclosures;
    expect(after).toEqual(expect.arrayContaining([...before]));
    expect(after.map(({ action }) => action)).toContain('erasure.scheduled');
  });

  it('goes on after an erasure over the turn of the year, with entries of each year under its own key', async () => {
    const engine = createTestEngine(JOB_KINDS);
    const keys = createKeyRing({
      dynamo: scriptedTables().client,
      kms: scriptedKms().client,
      kmsKeyId: 'k',
      table: 'jobs',
      clock: engine.time.now,
    });
    const [{ put }, pseudonymize] = [engine.audit, createPseudonymize(keys)];
    Object.assign(engine, { refs: refsOf(Buffer.alloc(32, 1)), pseudonymsOf: createPseudonymsOf(keys) });
    engine.audit.put = async (entry) => put(await pseudonymize(entry));
    bench = new RightsBench(engine);
    const read = () => getPreferences(engine, PATIENT, { userId: USER }, requestAt(engine));
    await read();
    const before = (await list()).disclosures;
    bench.days(60);
    await read();
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    const { disclosures } = await list();
    expect(disclosures).toEqual(expect.arrayContaining([...before]));
    const reads = disclosures.filter(({ action }) => action === 'preferences.read');
    expect(reads.map(({ at, recipient }) => [at.slice(0, 4), recipient.ref.slice(0, 5)])).toEqual([
      ['2027', '2027-'],
      ['2026', '2026-'],
    ]);
  });

  it.each(['caregiver', 'clinician', 'pharmacist', 'analyst', 'operator'] as const)(
    'is not for a %s',
    async (role) => {
      expect((await problemOf(list({}, callerAs(role, 'x', [USER])))).code).toBe('forbidden');
    },
  );

  it('is not for another patient, and nothing is shown that was not recorded', async () => {
    expect((await problemOf(list({}, callerAs('patient', 'user-2')))).code).toBe('forbidden');
    bench.engine.audit.put = async () => {
      throw new Error('The table is away.');
    };
    expect((await problemOf(list())).code).toBe('read_not_recorded');
  });
});
