import { beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '#shared/evidence/canonical-json.ts';
import { readPlaced } from '#shared/evidence/read-seal.ts';
import { hashSeal, lineOf, type MalformedItem, NO_SEAL } from '#shared/evidence/seal.ts';
import { follows, isSigned, LineCheck } from '#shared/evidence/verify-seal.ts';
import { SealBench } from '#test/builders/seal-bench.ts';
import { hourDue } from './seal-hours.ts';
import { linesOf } from './sealed-lines.ts';
import { verifyTrail } from './verify-trail.ts';

let bench = new SealBench();
beforeEach(() => {
  bench = new SealBench();
});

const HOUR = '2031-05-06T07';
const textOf = (hour: string) => bench.vault.seals.get(hour)?.at(-1);
async function linesIn(hour: string, which: 'entries' | 'late' = 'entries') {
  const lines: string[] = [];
  for await (const line of linesOf(bench.vault, bench.sealOf(hour), which)) lines.push(line);
  return lines;
}

describe('sealing', () => {
  it.each([
    ['2031-05-06T08:19:59.999Z', '2031-05-06T06'],
    ['2031-05-06T08:20:00.000Z', '2031-05-06T07'],
    ['2031-01-01T00:20:00.000Z', '2030-12-31T23'],
  ])('at %s the last hour due is %s', (now, hour) => {
    expect(hourDue(now)).toBe(hour);
  });

  it('holds all entries of the hour in their order, and no other', async () => {
    const [last, first] = bench.put(`${HOUR}:59:59.999Z`, `${HOUR}:00:00.000Z`);
    bench.put('2031-05-06T08:00:00.000Z');
    await bench.seal();
    expect(await linesIn(HOUR)).toEqual([first, last].map((entry) => entry && lineOf(entry)));
    expect(bench.sealOf(HOUR)).toMatchObject({ sequence: 1, entries: 2, late: 0, previous: NO_SEAL });
  });

  it('is signed once, and its lines are what it stands for', async () => {
    bench.put(`${HOUR}:10:00.000Z`, `${HOUR}:20:00.000Z`, `${HOUR}:20:00.000Z`);
    await bench.seal();
    const seal = bench.sealOf(HOUR);
    expect(bench.signatures).toBe(1);
    expect(isSigned(seal, bench.key.publicKey)).toBe(true);
    expect(isSigned({ ...seal, entries: 2 }, bench.key.publicKey)).toBe(false);
    const check = new LineCheck(seal);
    for (const line of await linesIn(HOUR)) check.add(line);
    expect(check.faults()).toEqual([]);
  });

  it('also seals an hour without entries', async () => {
    await bench.seal();
    expect(bench.sealOf(HOUR)).toMatchObject({ entries: 0, parts: [] });
    expect(isSigned(bench.sealOf(HOUR), bench.key.publicKey)).toBe(true);
  });

  it('catches up missed hours in order, each linked to the one before', async () => {
    await bench.seal();
    bench.put('2031-05-06T09:30:00.000Z');
    await bench.seal('2031-05-06T12:45:00.000Z');
    const hours = [...bench.vault.seals.keys()];
    expect(hours).toEqual(['07', '08', '09', '10', '11'].map((hour) => `2031-05-06T${hour}`));
    for (const [index, hour] of hours.entries()) {
      const before = index === 0 ? undefined : bench.sealOf(hours[index - 1] ?? '');
      expect(follows(bench.sealOf(hour), before)).toBe(true);
    }
    expect(bench.sealOf('2031-05-06T09').entries).toBe(1);
  });

  it('leaves the rest to the next run when very many hours were missed', async () => {
    await bench.seal();
    await bench.seal('2031-05-08T08:20:00.000Z');
    expect(bench.vault.seals.size).toBe(25);
    await bench.seal();
    expect(await bench.vault.latest()).toBe('2031-05-08T07');
  });

  it('changes nothing when it runs again', async () => {
    bench.put(`${HOUR}:10:00.000Z`);
    await bench.seal();
    const standing = () => [...bench.vault.seals, ...bench.vault.parts.keys()];
    const before = structuredClone(standing());
    await bench.seal();
    expect(standing()).toEqual(before);
    expect(bench.signatures).toBe(1);
  });

  it('by two runs at once makes one chain', async () => {
    bench.put(`${HOUR}:10:00.000Z`, '2031-05-06T08:10:00.000Z');
    bench.now = '2031-05-06T09:20:00.000Z';
    await bench.seal('2031-05-06T08:20:00.000Z');
    await Promise.all([bench.seal('2031-05-06T10:20:00.000Z'), bench.seal('2031-05-06T10:20:00.000Z')]);
    expect([...bench.vault.seals.values()].map((versions) => versions.length)).toEqual([1, 1, 1]);
    expect(bench.sealOf('2031-05-06T08').previous).toBe(hashSeal(bench.sealOf(HOUR)));
    expect(bench.sealOf('2031-05-06T09').previous).toBe(hashSeal(bench.sealOf('2031-05-06T08')));
  });

  it('that ends half way leaves nothing that counts', async () => {
    bench.put(`${HOUR}:10:00.000Z`);
    const sign = () => Promise.reject(new Error('KMS is away.'));
    await expect(bench.seal(bench.now, { sign })).rejects.toThrow('KMS is away.');
    expect(bench.vault.seals.size).toBe(0);
    bench.put(`${HOUR}:11:00.000Z`);
    await bench.seal();
    expect(bench.sealOf(HOUR).entries).toBe(2);
  });

  it('tells by how much it lags', async () => {
    await bench.seal('2031-05-06T08:21:00.000Z');
    expect(bench.metrics).toEqual([{ name: 'seal_lag', value: 21 * 60 }]);
  });

  it('does not go on over a seal that is none', async () => {
    await bench.seal();
    bench.vault.seals.set(HOUR, [`${textOf(HOUR)} `]);
    await expect(bench.seal('2031-05-06T09:20:00.000Z')).rejects.toThrow('is none');
  });
});

describe('an entry that comes when its hour is sealed', () => {
  it('is sealed once as late, by the next seal, and the earlier seal stands', async () => {
    bench.put(`${HOUR}:10:00.000Z`, `${HOUR}:30:00.000Z`);
    await bench.seal();
    const before = textOf(HOUR);
    const [late] = bench.put(`${HOUR}:20:00.000Z`);
    bench.put('2031-05-06T08:10:00.000Z');
    await bench.seal('2031-05-06T09:20:00.000Z');
    expect(textOf(HOUR)).toBe(before);
    expect(bench.sealOf('2031-05-06T08')).toMatchObject({ entries: 1, late: 1 });
    expect(await linesIn('2031-05-06T08', 'late')).toEqual([late && lineOf(late)]);
    expect(bench.metrics).toContainEqual({ name: 'late_audit_entries', value: 1 });

    await bench.seal('2031-05-06T10:20:00.000Z');
    expect(bench.sealOf('2031-05-06T09')).toMatchObject({ entries: 0, late: 0 });
  });

  it('is found up to six hours later, among other late ones', async () => {
    await bench.seal();
    bench.put(`${HOUR}:20:00.000Z`);
    await bench.seal('2031-05-06T11:20:00.000Z');
    bench.put(`${HOUR}:10:00.000Z`, `${HOUR}:30:00.000Z`);
    await bench.seal('2031-05-06T14:20:00.000Z');
    const late = Object.fromEntries(
      [...bench.vault.seals.keys()].map((hour) => [hour, bench.sealOf(hour).late]),
    );
    expect(late).toMatchObject({ '2031-05-06T08': 1, '2031-05-06T11': 2, '2031-05-06T12': 0 });
    bench.put(`${HOUR}:40:00.000Z`);
    await bench.seal('2031-05-06T15:20:00.000Z');
    expect(bench.sealOf('2031-05-06T14').late).toBe(0);
  });

  it('that differs from a sealed one of the same time and id is not taken for late', async () => {
    const [entry] = bench.put(`${HOUR}:10:00.000Z`);
    await bench.seal();
    if (entry) bench.entries.splice(0, 1, { ...entry, action: 'job.cancelled', hash: 'f'.repeat(64) });
    await bench.seal('2031-05-06T09:20:00.000Z');
    expect(bench.sealOf('2031-05-06T08').late).toBe(0);
  });
});

describe('an item that is no entry', () => {
  const item = (digit: string, hour = HOUR): MalformedItem => ({
    v: 1,
    malformed: true,
    hour,
    hash: digit.repeat(64),
  });
  const linesAs = async (hour: string, which: 'entries' | 'late') =>
    (await linesIn(hour, which)).map((line) => JSON.parse(line));

  it('is sealed by its hash after the entries of its hour, told of, and holds nothing up', async () => {
    const [entry] = bench.put(`${HOUR}:59:59.999Z`);
    bench.malformed.push(item('b'), item('a'));
    await bench.seal();
    expect(await linesAs(HOUR, 'entries')).toEqual([entry, item('a'), item('b')]);
    expect(bench.metrics).toContainEqual({ name: 'malformed_audit_entries', value: 2 });
    const check = new LineCheck(bench.sealOf(HOUR));
    for (const line of await linesIn(HOUR)) check.add(line);
    expect(check.faults()).toEqual([]);
    bench.put('2031-05-06T08:10:00.000Z');
    await bench.seal('2031-05-06T09:20:00.000Z');
    expect(bench.sealOf('2031-05-06T08')).toMatchObject({ entries: 1, late: 0 });
  });

  it('that comes late is sealed late, once, each by itself', async () => {
    bench.malformed.push(item('a'));
    await bench.seal();
    bench.malformed.push(item('c'), item('b'));
    await bench.seal('2031-05-06T09:20:00.000Z');
    expect(await linesAs('2031-05-06T08', 'late')).toEqual([item('b'), item('c')]);
    await bench.seal('2031-05-06T10:20:00.000Z');
    expect(bench.sealOf('2031-05-06T09').late).toBe(0);
  });

  it('is a fault of its hour in every verification, and of no other', async () => {
    bench.put(`${HOUR}:10:00.000Z`);
    bench.malformed.push(item('a'));
    await bench.seal();
    bench.put('2031-05-06T08:10:00.000Z');
    await bench.seal('2031-05-06T09:20:00.000Z');
    const verdict = () =>
      verifyTrail(
        {
          ...bench.deps(),
          keyOf: () => bench.key.publicKey,
          audit: { chain: async () => [] },
          rowOf: async () => undefined,
        },
        HOUR,
        '2031-05-06T09',
      );
    expect((await verdict()).hours).toMatchObject([
      { status: 'faulty', faults: ['item_unreadable'] },
      { status: 'verified', faults: [] },
    ]);
    bench.malformed.splice(0, 1, item('b'));
    expect((await verdict()).hours[0]?.faults).toEqual(['item_unreadable', 'entry_missing']);
  });

  it('cannot be made up by somebody who writes lines: only its exact form is one', async () => {
    const lines = [
      item('a'),
      { ...item('a'), more: 1 },
      { ...item('a'), hash: 'x' },
      { ...item('a'), hour: 'x' },
    ];
    expect(lines.map((line) => readPlaced(canonicalJson(line)) !== undefined)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('the memory of a run', () => {
  it('does not grow with the hour: lines are written in parts', async () => {
    const wide = 'x'.repeat(200_000);
    for (let index = 0; index < 60; index += 1) {
      const [entry] = bench.put(`${HOUR}:10:00.000Z`);
      if (entry) bench.entries.splice(-1, 1, { ...entry, correlationId: wide });
    }
    await bench.seal();
    const { parts, entries } = bench.sealOf(HOUR);
    expect([parts.length, entries]).toEqual([3, 60]);
    expect(Math.max(...parts.map(({ lines }) => lines))).toBeLessThanOrEqual(21);
  });
});
