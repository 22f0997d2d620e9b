import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Rejection } from '#shared/clinical/reference/tally.ts';
import { RXNCONSO, RXNREL, relation, term } from '#test/builders/rxnorm-files.ts';
import { createInMemoryPacks } from '#test/fakes/in-memory-packs.ts';
import { activate, NO_PACK, rollback } from './activate.ts';
import { type ImportOrder, importPack } from './import-pack.ts';
import { importText, statusText } from './show.ts';
import { statusOf } from './status.ts';

const folder = mkdtempSync(join(tmpdir(), 'import-pack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PAIRS = [
  'a,b,level,effect,management,source,date,verification',
  'warfarin,psyllium,minor,"Invented, with a comma.",Invented.,Invented source,2026,unverified',
  'simvastatin,psyllium,moderate,"Invented',
  'over two lines.",Invented.,Invented source,2026,unverified',
];

let packs = createInMemoryPacks();
let rejected: Rejection[] = [];
let minutes = 0;
beforeEach(() => {
  packs = createInMemoryPacks();
  rejected = [];
});

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const now = (): string => {
  minutes += 1;
  return new Date(Date.UTC(2026, 10, 28, 12, minutes)).toISOString();
};

function bring(format: ImportOrder['format'], files: readonly string[], changes: Partial<ImportOrder> = {}) {
  const order = { format, files, alone: false, acceptLosses: false, mostRejectedPercent: 5, dryRun: false };
  return importPack(
    { ...order, ...changes },
    { store: packs, now: now(), onReject: (one) => rejected.push(one), onProgress: () => undefined },
  );
}
const rxnorm = (conso = RXNCONSO, rel = RXNREL, changes: Partial<ImportOrder> = {}) =>
  bring('rxnorm-rrf', [file('RXNCONSO.RRF', conso), file('rxnrel.rrf', rel)], changes);
const pairs = (lines = PAIRS, changes: Partial<ImportOrder> = {}) =>
  bring('pairs-csv', [file('own.csv', lines.join('\r\n'))], changes);
const inUse = () => packs.standing?.pointer?.pack?.id;

describe('an import', () => {
  it('comes into use, with the checksums of its files', async () => {
    const { made, refusals, part } = await rxnorm();
    expect(refusals).toEqual([]);
    expect(inUse()).toBe(made?.pack.id);
    expect(packs.standing?.pointer).toMatchObject({ previous: null, latest: 1, pack: { version: 1 } });
    expect(part.files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['RXNCONSO.RRF', RXNCONSO.length],
      ['rxnrel.rrf', RXNREL.length],
    ]);
    expect(part.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps the parts of other formats, unless it shall stand alone', async () => {
    await rxnorm();
    expect((await pairs()).made?.pack.parts.map(({ format }) => format)).toEqual(['rxnorm-rrf', 'pairs-csv']);
    const alone = await pairs(PAIRS, { alone: true, acceptLosses: true });
    expect(alone.made?.pack).toMatchObject({ version: 3, parts: [{ format: 'pairs-csv' }] });
    expect(alone.losses).toContain('name "zorbex" (zorbexil) is gone');
  });

  it('reads quotes, line breaks in them, and either line end', async () => {
    const { made } = await pairs();
    expect(made?.pack.parts[0]?.rules.map(({ effect }) => effect)).toEqual([
      'Invented, with a comma.',
      'Invented\nover two lines.',
    ]);
  });

  it('of pairs may name what an imported file has made known', async () => {
    const own = [PAIRS[0] ?? '', 'Zorbex,warfarin,major,Invented.,Invented.,Invented source,2026,unverified'];
    expect((await pairs(own)).refusals).toEqual(['No line of the files was accepted.']);
    await rxnorm();
    expect((await pairs(own)).refusals).toEqual([]);
  });

  it('that knows less than the pack in use needs to be told so', async () => {
    await rxnorm();
    const before = inUse();
    const less = term('99000001', 'IN', 'zorbexil');
    const { refusals, losses, made } = await rxnorm(less, '');
    expect(refusals).toEqual([`The pack in use knows ${losses.length} things that this one does not.`]);
    expect(losses).toContain('RxCUI "99000003" (zorbexil) is gone');
    expect([made, inUse()]).toEqual([undefined, before]);
    expect((await rxnorm(less, '', { acceptLosses: true })).refusals).toEqual([]);
    expect(inUse()).not.toBe(before);
  });

  it('that gives a name another meaning needs to be told so', async () => {
    await rxnorm(
      [term('99000001', 'IN', 'zorbexil'), term('99000003', 'PIN', 'zorbane')].join('\n'),
      relation('99000001', 'form_of', '99000003'),
    );
    const { losses, refusals } = await rxnorm(
      [
        term('99000001', 'IN', 'zorbexil'),
        term('99000002', 'IN', 'quuxapine'),
        term('99000003', 'PIN', 'zorbane'),
      ].join('\n'),
      relation('99000002', 'form_of', '99000003'),
    );
    expect(refusals).toHaveLength(1);
    expect(losses).toEqual([
      'name "zorbane" stood for zorbexil and would stand for quuxapine',
      'RxCUI "99000003" stood for zorbexil and would stand for quuxapine',
    ]);
  });

  it('with too many rejected lines needs to be told so', async () => {
    const one = 'nobody,psyllium,minor,Invented.,Invented.,Invented source,2026,unverified';
    const { refusals } = await pairs([...PAIRS, one]);
    expect(refusals).toEqual(['33.3 % of the lines were rejected, more than 5 %.']);
    expect(rejected).toMatchObject([{ file: 'own.csv', line: 5, reason: 'unknown_name' }]);
    expect(inUse()).toBeUndefined();
    expect((await pairs([...PAIRS, one], { mostRejectedPercent: 34 })).refusals).toEqual([]);
  });

  it('rejects a row that is no CSV and goes on after it', async () => {
    const { part } = await pairs([...PAIRS, 'warfarin,"psyl"lium",minor', ...PAIRS.slice(1, 2)]);
    expect(part.counts).toEqual({ accepted: 2, skipped: 0, rejected: 2 });
    expect(rejected.map(({ reason }) => reason).sort()).toEqual(['malformed', 'stands_twice']);
  });

  it('counts every line that a quote without end takes along', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, index) => `${index},psyllium,minor,Invented.,Invented.,Invented source,2026,unverified`,
    );
    const open = 'warfarin,"psyllium,minor,Invented.,Invented.,Invented source,2026,unverified';
    for (const end of [[], ['x,"y",z']]) {
      rejected = [];
      const { refusals } = await pairs([PAIRS[0] ?? '', PAIRS[1] ?? '', open, ...rows, ...end]);
      expect(rejected).toHaveLength(61 + end.length);
      expect(rejected.map(({ line }) => line)).toEqual(rejected.map((_, index) => 3 + index));
      expect(refusals).toContainEqual(expect.stringContaining('of the lines were rejected'));
    }
  });

  it('does not pass over what lies behind a row without end, or a column that stands twice', async () => {
    const [head = '', one = ''] = PAIRS;
    const huge = `warfarin,"${'x'.repeat(200_000)}",minor,Invented.,Invented.,Invented source,2026,unverified`;
    await expect(pairs([head, one, huge, one])).rejects.toThrow('the row at line 3 is longer than 100000');
    await expect(pairs([`${head},A`, `${one},x`])).rejects.toThrow('the column a stands twice');
    expect(inUse()).toBeUndefined();
  });

  it.each(['RXNCONSO', 'RXNREL'])('of a file %s that was cut needs to be told so', async (cut) => {
    await rxnorm();
    const before = inUse();
    const [conso, rel] = [RXNCONSO, RXNREL].map((text, index) =>
      (index === 0) === (cut === 'RXNCONSO') ? text.slice(0, -20) : text,
    );
    const { refusals } = await rxnorm(conso, rel);
    expect(refusals).toEqual([
      expect.stringMatching(new RegExp(`^${cut}.* ends in the middle of a line`, 'i')),
    ]);
    expect(inUse()).toBe(before);
    expect((await rxnorm(conso, rel, { acceptLosses: true })).refusals).toEqual([]);
  });

  it('of pairs that were cut needs to be told so', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, n) => `warfarin,psyllium,minor,Invented.,Invented.,Invented source,2026,unverified,own-rule-${n}`,
    );
    const all = [`${PAIRS[0]},id`, ...rows];
    for (const cut of ['warfarin,psyllium,min', 'warfarin,psyllium,minor,"Invented']) {
      const { refusals } = await pairs([...all, cut]);
      expect(refusals).toEqual(['own.csv ends in the middle of a line. Is it complete?']);
      expect(rejected.at(-1)).toMatchObject({ line: 42, reason: 'malformed' });
    }
    // One that ends with its line is a row with a fault, and so is one before the last.
    for (const rest of [
      ['warfarin,psyllium,min', ''],
      ['warfarin,psyllium,min', rows[0]?.replace('rule-0', 'rule-40') ?? ''],
    ])
      expect((await pairs([...all, ...rest])).refusals).toEqual([]);
  });

  it('takes a last line that is whole without a line end', async () => {
    expect((await rxnorm(RXNCONSO.trimEnd(), RXNREL.trimEnd())).refusals).toEqual([]);
  });

  it('writes nothing on a dry run', async () => {
    const { made, refusals } = await rxnorm(RXNCONSO, RXNREL, { dryRun: true });
    expect(refusals).toEqual([]);
    expect(made?.pack.version).toBe(1);
    expect([packs.objects.size, packs.standing]).toEqual([0, undefined]);
  });

  it('does not come into use when it cannot be read back', async () => {
    await rxnorm();
    const before = inUse();
    const put = packs.putPack;
    packs.putPack = async (id, bytes) => put(id, bytes.subarray(0, bytes.length - 20));
    await expect(pairs()).rejects.toThrow();
    expect(inUse()).toBe(before);
  });

  it('does not come into use over another one that was faster', async () => {
    const put = packs.putPack;
    packs.putPack = async (id, bytes) => {
      packs.putPack = put;
      await rxnorm();
      await put(id, bytes);
    };
    await expect(pairs()).rejects.toThrow('Somebody else');
    expect(packs.standing?.pointer?.latest).toBe(1);
  });

  it.each([
    ['rxnorm-rrf', ['RXNCONSO.RRF'], /Missing: \[RXNREL.RRF\]/],
    ['rxnorm-rrf', ['RXNCONSO.RRF', 'RXNREL.RRF', 'other.txt'], /Not taken: \[OTHER.TXT\]/],
    ['drugsatfda', ['other.txt'], /takes PRODUCTS.TXT/],
    ['pairs-csv', ['none.csv'], /There is no file .*none.csv/],
    ['pairs-csv', ['other.txt', 'other.txt'], /OTHER.TXT is named twice/],
    ['pairs-csv', ['other.txt'], /missing: \[a, b, level.*not known: \[x\]/],
  ] as const)('of %s does not take %j', async (format, names, why) => {
    for (const name of ['RXNCONSO.RRF', 'RXNREL.RRF', 'other.txt']) file(name, 'x\n1\n');
    await expect(
      bring(
        format,
        names.map((name) => join(folder, name)),
      ),
    ).rejects.toThrow(why);
  });

  it('tells a person what it did', async () => {
    const { 1: one = '' } = PAIRS;
    const answer = await pairs([...PAIRS, one.replace('psyllium', 'nobody')]);
    const text = importText(answer, rejected, 'all.ndjson');
    expect(text).toContain('3 lines: 2 accepted, 0 skipped, 1 rejected');
    expect(text).toContain('own.csv:5 unknown_name: "nobody" is not recognised.');
    expect(text).toContain('All of them: all.ndjson');
    expect(text).toContain('Nothing has changed');
  });
});

describe('a pack in use that cannot be used', () => {
  it('is replaced only by one that stands alone, and knowingly', async () => {
    const { made } = await rxnorm();
    packs.objects.set(made?.pack.id ?? '', Buffer.from('damaged'));
    await expect(pairs()).rejects.toThrow('--alone');
    expect((await pairs(PAIRS, { alone: true })).refusals).toHaveLength(1);
    expect((await pairs(PAIRS, { alone: true, acceptLosses: true })).refusals).toEqual([]);
    expect((await statusOf(packs)).problem).toBeUndefined();
  });
});

describe('a pointer that cannot be read', () => {
  const damage = () => {
    packs.standing = { damage: 'The pointer cannot be read: no JSON.', etag: packs.standing?.etag ?? '' };
  };

  it('is reported, with what mends it', async () => {
    await rxnorm();
    damage();
    const status = await statusOf(packs);
    expect(status).toMatchObject({ inUse: undefined, ids: [expect.any(String)] });
    expect(statusText(status)).toContain('NOT USABLE: The pointer cannot be read: no JSON. Activate one of');
    await expect(rollback(packs, now())).rejects.toThrow('activate a pack by its id');
  });

  it('is mended by activating a pack, or none, and versions go on', async () => {
    for (const wanted of ['pack', NO_PACK]) {
      packs = createInMemoryPacks();
      await rxnorm();
      const id = (await pairs()).made?.pack.id ?? '';
      damage();
      await activate(packs, wanted === 'pack' ? id : NO_PACK, now());
      expect(packs.standing?.pointer).toMatchObject({ latest: 2, previous: null });
      expect((await statusOf(packs)).problem).toBeUndefined();
      expect((await rxnorm()).made?.pack.version).toBe(3);
    }
  });

  it('is mended by an import that stands alone, knowingly', async () => {
    await rxnorm();
    damage();
    await expect(pairs()).rejects.toThrow('--alone');
    expect((await pairs(PAIRS, { alone: true })).refusals).toHaveLength(1);
    const { made, refusals } = await pairs(PAIRS, { alone: true, acceptLosses: true });
    expect([refusals, made?.pack.version]).toEqual([[], 2]);
    expect((await statusOf(packs)).problem).toBeUndefined();
  });
});

describe('packs', () => {
  it('go back and forth', async () => {
    await expect(rollback(packs, now())).rejects.toThrow('Nothing was in use before.');
    await rxnorm();
    const first = inUse();
    await pairs();
    const second = inUse();
    await rollback(packs, now());
    expect(inUse()).toBe(first);
    await rollback(packs, now());
    expect(inUse()).toBe(second);
    await activate(packs, first ?? '', now());
    expect(inUse()).toBe(first);
    expect(await activate(packs, NO_PACK, now())).toBeNull();
    expect((await rxnorm()).made?.pack.version).toBe(3);
  });

  it('that cannot be used are not brought into use', async () => {
    await rxnorm();
    const before = packs.standing;
    packs.objects.set('20261128t120000z-0123456789ab', Buffer.from('damaged'));
    for (const id of ['20261128t120000z-0123456789ab', '20261128t120000z-ffffffffffff'])
      await expect(activate(packs, id, now())).rejects.toThrow();
    expect(packs.standing).toBe(before);
  });
});

describe('the status', () => {
  it('says that nothing was imported', async () => {
    const status = await statusOf(packs);
    expect(status).toMatchObject({ pack: undefined, problem: undefined, ids: [] });
    expect(status.inUse).toEqual(status.builtIn);
    expect(statusText(status)).toContain('No pack is in use.');
  });

  it('says what is loaded, what it covers and how well that is verified', async () => {
    await rxnorm();
    await pairs();
    const { builtIn, inUse: of, pack } = await statusOf(packs);
    expect(pack?.parts.map(({ format, counts }) => [format, counts.accepted])).toEqual([
      ['rxnorm-rrf', 32],
      ['pairs-csv', 2],
    ]);
    expect(of?.names.ingredients).toBe(builtIn.names.ingredients + 1);
    expect(of?.rules.pairs).toBe(builtIn.rules.pairs + 2);
    expect(of?.by_verification['unverified']).toBe((builtIn.by_verification['unverified'] ?? 0) + 2);
    // Both ingredients have built-in rules, and a pair of one's own declares nobody as assessed.
    expect(of?.ingredients_with_rules).toBe(builtIn.ingredients_with_rules);
    expect(of?.ingredients_assessed).toBe(builtIn.ingredients_assessed);
  });

  it('says when the pack in use cannot be used', async () => {
    await rxnorm();
    packs.objects.clear();
    const status = await statusOf(packs);
    expect(status).toMatchObject({ inUse: undefined, problem: expect.stringContaining('is missing') });
    expect(statusText(status)).toContain('NOT USABLE');
  });
});
