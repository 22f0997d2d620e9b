import { execFile } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { pemOf } from '#shared/evidence/bundle.ts';
import { RECEIPT_BODY, receiptBench } from '#test/builders/receipt-bench.ts';
import { temporaryFile } from '#test/fakes/temporary-file.ts';
import { copyOf, forger, HOURS, pinnedKey, sealedWorld, type World } from '#test/tampering/sealed-world.ts';
import { drawOf, TAMPERINGS } from '#test/tampering/tamper.ts';
import { readHour } from './read-hour.ts';

/** Runs `npm run audit` as a person does, where it needs no stack; no endpoint and no credentials are given to it. */
const audit = (...given: string[]) =>
  new Promise<{ code: unknown; out: string; told: string }>((resolve) => {
    const env = { PATH: process.env['PATH'] };
    execFile(process.execPath, ['infra/audit/main.ts', ...given], { env }, (error, out, told) => {
      resolve({ code: error?.code ?? 0, out, told });
    });
  });

let world: World;
beforeAll(async () => {
  world = await sealedWorld();
});
const bundleFile = (text = world.bundle) => temporaryFile('bundle.json', text);
const keyFile = (pem: string) => temporaryFile('key.pem', pem);

/** Each call is a process of its own. */
const CALLS = { timeout: 30_000 };

describe('npm run audit', CALLS, () => {
  it('verifies a bundle offline, with the key that is given', async () => {
    const { code, out } = await audit('verify', bundleFile(), '--key', keyFile(pemOf(pinnedKey)));
    expect(code).toBe(0);
    expect(out).toContain('3 entries verified, 0 unsealed');
    expect(out).toContain('Signed with the key that is known from elsewhere.');
  });

  it('proves nothing without a key from elsewhere, and says so', async () => {
    const { code, out } = await audit('verify', bundleFile());
    expect([code, out]).toEqual([2, expect.stringContaining('NOT ALL IS PROVED:\n- No key is known')]);
    expect(out).not.toContain('Signed');
  });

  it('speaks of no signature where nothing is sealed, and ends with 2', async () => {
    const copy = copyOf(world);
    TAMPERINGS['bundle']?.['overwrite']?.at(-1)?.(copy, drawOf(1));
    const { code, out } = await audit('verify', bundleFile(copy.bundle), '--key', keyFile(pemOf(pinnedKey)));
    expect([code, out]).toEqual([2, expect.stringContaining('NOTHING IS PROVED:\n- No seal holds')]);
    expect(out).not.toContain('Signed');
  });

  it('compares a seal that was seen before', async () => {
    const seal = (hour: string) => temporaryFile('seal.json', world.seals.get(hour)?.at(-1) ?? '');
    expect((await audit('verify', bundleFile(), '--seal', seal(HOURS[1] ?? ''))).code).toBe(0);
    const other = (await sealedWorld()).seals.get(HOURS[1] ?? '')?.at(-1) ?? '';
    const { code, out } = await audit('verify', bundleFile(), '--seal', temporaryFile('seal.json', other));
    expect([code, out]).toEqual([1, 'NOT WHOLE: seal_differs\n']);
  });

  it('ends with 1 when a bundle is not whole, or signed with another key', async () => {
    const changed = await audit(
      'verify',
      bundleFile(world.bundle.replace('"success"', '"failure"')),
      '--json',
    );
    expect(changed.code).toBe(1);
    expect(JSON.parse(changed.out)).toMatchObject({
      sealed: 0,
      faults: expect.arrayContaining(['hash_differs']),
    });
    const foreign = await audit('verify', bundleFile(), '--key', keyFile(pemOf(forger.publicKey)));
    expect([foreign.code, foreign.out]).toEqual([1, 'NOT WHOLE: key_differs\n']);
  });

  it.each([
    [['verify', '--from', 'x'], /"x" is no hour/],
    [['verify', '--from', '2026-11-29', '--to', '2026-11-28'], /The end must be later/],
    [['verify', '--key', 'x.pem'], /--key, --seal and --request are for files/],
    [['verify', 'x.json', '--from', '2026-11-28'], /--from and --to are for the trail/],
    [['verify', 'none.json'], /no such file/],
    [['export'], /required option '--job <id>' not specified/],
  ])('%j says what is wrong', async (given, why) => {
    const { code, told } = await audit(...given);
    expect(code).toBe(1);
    expect(told).toMatch(why);
  });

  it('takes no private key, and no text, for a public one', async () => {
    for (const pem of ['nothing', `${pemOf(pinnedKey)} `]) {
      const { code, told } = await audit('verify', bundleFile(), '--key', keyFile(pem));
      expect([code, told]).toEqual([1, expect.stringContaining('holds no public key')]);
    }
  });
});

describe('a receipt', CALLS, () => {
  const receiptFile = async (sealed: boolean) => {
    const bench = await receiptBench();
    if (sealed) await bench.seal();
    const receipt = await bench.receipt();
    return { file: temporaryFile('receipt.json', JSON.stringify(receipt, undefined, 2)), bench };
  };
  const body = (more: object = {}) =>
    temporaryFile('body.json', JSON.stringify({ ...RECEIPT_BODY, ...more }));

  it('is verified offline with the key, and the body that was sent is known again', async () => {
    const { file, bench } = await receiptFile(true);
    const key = keyFile(pemOf(bench.key.publicKey));
    const { code, out } = await audit('verify', file, '--key', key, '--request', body({ priority: 'HIGH' }));
    expect([code, out]).toEqual([0, expect.stringContaining('2 entries verified, 0 unsealed.')]);
    expect(out).toContain('The body that was given is the one that was ordered.');
    const other = await audit(
      'verify',
      file,
      '--key',
      key,
      '--request',
      body({ user_id: 'user-2' }),
      '--json',
    );
    expect([other.code, JSON.parse(other.out)]).toMatchObject([
      1,
      { faults: [], sealed: 2, request: 'differs' },
    ]);
  });

  it('asks for a key when there are seals, and says what is not sealed yet', async () => {
    const sealed = await receiptFile(true);
    const { code, told } = await audit('verify', sealed.file);
    expect([code, told]).toEqual([1, expect.stringContaining('give the one that its seals')]);
    const fresh = await receiptFile(false);
    const { code: early, out } = await audit('verify', fresh.file);
    expect([early, out]).toEqual([2, expect.stringContaining('0 entries verified, 2 unsealed.')]);
    expect(out).toContain('NOTHING IS PROVED');
    const wrong = await audit('verify', sealed.file, '--key', keyFile(pemOf(forger.publicKey)));
    expect([wrong.code, wrong.out]).toEqual([1, 'NOT WHOLE: signature_invalid\n']);
    const seal = await audit('verify', sealed.file, '--seal', 'x.json');
    expect(seal.told).toContain('--seal is for bundles');
  });
});

describe('an hour', () => {
  it.each([
    ['2026-11-28', '2026-11-28T00'],
    ['2026-11-28T14', '2026-11-28T14'],
    ['2026-11-28T14:59:59Z', '2026-11-28T14'],
    ['2026-11-28T01:00:00+02:00', '2026-11-27T23'],
  ])('%s is %s', (text, hour) => {
    expect(readHour(text)).toBe(hour);
  });

  it.each(['2026-11-31', '2026-11-28T24', 'yesterday', ''])('%j is none', (text) => {
    expect(() => readHour(text)).toThrow('is no hour');
  });
});
