import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { DEVELOPER_FOLDER, givenStackFolder } from '#infra/local/stack-folder.ts';
import {
  type BundleVerdict,
  keyOf,
  pemOf,
  bundleText as textOfBundle,
  verifyBundle,
} from '#shared/evidence/bundle.ts';
import { readSeal } from '#shared/evidence/read-seal.ts';
import { type ReceiptVerdict, verifyReceipt } from '#shared/evidence/receipt.ts';
import { addHours, hourOf } from '#shared/evidence/seal.ts';
import { instantOf } from '#shared/lifecycle/instant.ts';
import { exportBundle } from '#shared/operations/export-bundle.ts';
import { verifyTrail } from '#shared/operations/verify-trail.ts';
import { auditPlaceOf } from './place.ts';
import { readHour } from './read-hour.ts';
import { isReceiptText, requestMatch } from './receipt-file.ts';
import { bundleText, receiptText, trailText } from './show.ts';

interface VerifyWishes {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly key?: string;
  readonly seal?: string;
  readonly request?: string;
}

/** 0: proved; 1: not whole; 2: nothing speaks against it, and not all of it is proved. */
type ExitCode = 0 | 1 | 2;

const DEFAULT_HOURS = 24;

const program = new Command('audit')
  .description('The audit trail: whether it is whole, and evidence about one job to take along.')
  .option('--stage <stage>', 'the stage in AWS; without it the running laptop stack')
  .option('--laptop <folder>', 'where another laptop stack than your own keeps its files');
const place = () => {
  const { stage, laptop } = program.opts<{ stage?: string; laptop?: string }>();
  return auditPlaceOf(stage, laptop === undefined ? DEVELOPER_FOLDER : givenStackFolder(laptop));
};
const print = (value: unknown): void => console.log(JSON.stringify(value, undefined, 2));

program
  .command('verify [file]')
  .description(
    'checks hours of the trail, or, without any network, a bundle or a receipt; exit code 1 when it is not whole, ' +
      '2 when a file has no fault and does not prove everything',
  )
  .option('--from <hour>', 'first hour in UTC, like 2026-11-28T14; a day ago unless given')
  .option('--to <hour>', 'the hour before which it ends; now unless given')
  .option('--key <file>', 'for a bundle or a receipt: public key (PEM) that its seals must be signed with')
  .option('--seal <file>', 'for a bundle: a seal seen before, which must be the same in it')
  .option('--request <file>', 'for a receipt: the body that was sent, to be held against its hash')
  .option('--json', 'as JSON')
  .action(async (file: string | undefined, wishes: VerifyWishes) => {
    process.exitCode = file === undefined ? await verifyHours(wishes) : verifyFile(file, wishes);
  });

program
  .command('export')
  .description('writes the evidence about one job to a file that "verify" checks without any network')
  .requiredOption('--job <id>', 'id of the job')
  .option('--out <file>', 'where to; evidence-<id>.json unless given')
  .action(async ({ job, out = `evidence-${job}.json` }: { job: string; out?: string }) => {
    const { deps, publicKey } = await place();
    const bundle = await exportBundle({ ...deps, publicKey: pemOf(publicKey) }, job);
    writeFileSync(out, textOfBundle(bundle));
    console.log(`${out}: ${bundle.chain.length} entries, ${bundle.proofs.length} of them sealed.`);
  });

program
  .command('key')
  .description('prints the public key that seals are signed with, to be kept apart from the account')
  .action(async () => console.log(pemOf((await place()).publicKey).trimEnd()));

async function verifyHours({ from, to, json, key, seal, request }: VerifyWishes): Promise<ExitCode> {
  if ([key, seal, request].some((file) => file !== undefined))
    throw new Error('--key, --seal and --request are for files.');
  const until = to === undefined ? addHours(hourOf(instantOf(Date.now())), 1) : readHour(to);
  const first = from === undefined ? addHours(until, -DEFAULT_HOURS) : readHour(from);
  if (first >= until) throw new Error('The end must be later than the beginning.');
  const verdict = await verifyTrail((await place()).deps, first, until);
  if (json) print(verdict);
  else console.log(trailText(verdict));
  return verdict.whole ? 0 : 1;
}

function verifyFile(file: string, { from, to, ...wishes }: VerifyWishes): ExitCode {
  if (from !== undefined || to !== undefined) throw new Error('--from and --to are for the trail.');
  const text = readFileSync(file, 'utf8');
  const key = wishes.key === undefined ? undefined : keyIn(wishes.key);
  return isReceiptText(text) ? verifyReceiptText(text, key, wishes) : verifyBundleText(text, key, wishes);
}

function verifyBundleText(
  text: string,
  key: KeyObject | undefined,
  { json, seal: file, request }: VerifyWishes,
): ExitCode {
  if (request !== undefined) throw new Error('--request is for receipts.');
  const seal = file === undefined ? undefined : readSeal(readFileSync(file, 'utf8').trimEnd());
  if (file !== undefined && !seal) throw new Error(`${file} holds no seal.`);
  const pinned = { ...(key && { key }), ...(seal && { seal }) };
  const { bundle, ...verdict } = verifyBundle(text, pinned);
  if (json) print({ job_id: bundle?.jobId, ...verdict });
  else console.log(bundleText({ ...verdict, ...(bundle && { bundle }) }));
  return exitCodeOf(verdict);
}

function verifyReceiptText(
  text: string,
  key: KeyObject | undefined,
  { json, seal, request: file }: VerifyWishes,
): ExitCode {
  if (seal !== undefined) throw new Error('--seal is for bundles.');
  const { receipt, ...verdict } = verifyReceipt(JSON.parse(text), key);
  if (receipt && receipt.seals.length > 0 && !key)
    throw new Error('A receipt brings no key: give the one that its seals must be signed with (--key).');
  const request =
    receipt && file !== undefined ? requestMatch(receipt, readFileSync(file, 'utf8')) : undefined;
  if (json) print({ job_id: receipt?.job_id, ...verdict, ...(request !== undefined && { request }) });
  else console.log(receiptText({ ...verdict, ...(receipt && { receipt }) }, request));
  return request === 'differs' ? 1 : exitCodeOf(verdict);
}

const exitCodeOf = ({ faults, gaps }: Pick<BundleVerdict, 'faults' | 'gaps'> | ReceiptVerdict): ExitCode =>
  faults.length > 0 ? 1 : gaps.length > 0 ? 2 : 0;

/** @throws Error when the file holds no such key */
function keyIn(file: string): KeyObject {
  const key = keyOf(readFileSync(file, 'utf8'));
  if (!key) throw new Error(`${file} holds no public key of a seal as PEM.`);
  return key;
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
