import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DEVELOPER_FOLDER as folder } from '#infra/local/stack-folder.ts';
import { PACK_FORMATS } from '#shared/clinical/reference/pack.ts';
import { PACK_ID, type PackPointer } from '#shared/contract/reference.ts';
import { activate, NO_PACK, rollback } from './activate.ts';
import { type ImportOrder, importPack } from './import-pack.ts';
import { packsOf } from './place.ts';
import { createProgress } from './progress.ts';
import { createRejectReport } from './reject-report.ts';
import { importText, statusText } from './show.ts';
import { statusOf } from './status.ts';

type ImportWishes = Omit<ImportOrder, 'files'> & { readonly report?: string };

const program = new Command('reference')
  .description(
    'Own names and interaction rules on top of the built-in ones: of the laptop stack, or of a stage.',
  )
  .option('--stage <stage>', 'the stage in AWS; without it the running laptop stack');
const packs = () => packsOf(program.opts<{ stage?: string }>().stage, folder);
const now = (): string => new Date().toISOString();

program
  .command('import <files...>')
  .description('makes a pack of files and brings it into use')
  .addOption(
    new Option('--format <format>', 'what the files are').choices(PACK_FORMATS).makeOptionMandatory(),
  )
  .option('--alone', 'leave parts of other formats behind', false)
  .option(
    '--accept-losses',
    'also if it knows less than the pack in use, many lines are rejected, or a file was cut',
    false,
  )
  .option('--most-rejected-percent <percent>', 'of the lines, before --accept-losses is needed', percent, 5)
  .option('--dry-run', 'report only', false)
  .option('--report <file>', 'where every rejected line is written')
  .action(async (files: string[], { report, ...wishes }: ImportWishes) => {
    const at = now();
    const file = report ?? join(folder.root, 'reference', `rejected-${at.replaceAll(':', '')}.ndjson`);
    const store = await packs();
    const rejects = createRejectReport(file);
    try {
      const onProgress = createProgress((line) => console.error(line));
      const ports = { store, now: at, onReject: rejects.add, onProgress };
      const answer = await importPack({ ...wishes, files }, ports);
      console.log(importText(answer, rejects.first, file));
      if (answer.made && wishes.dryRun) console.log('Nothing was written: this was a dry run.');
      process.exitCode = answer.refusals.length > 0 ? 1 : 0;
    } finally {
      await rejects.close();
    }
  });

program
  .command('status')
  .description('what is loaded and what it covers; exit code 1 when the pack in use cannot be used')
  .option('--json', 'as JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const status = await statusOf(await packs());
    console.log(json ? JSON.stringify(status, undefined, 2) : statusText(status));
    process.exitCode = status.problem === undefined ? 0 : 1;
  });

program
  .command('activate <id>')
  .description(`brings a pack into use that was imported before; "${NO_PACK}": none`)
  .action(async (id: string) => {
    if (id !== NO_PACK && !PACK_ID.test(id)) throw new Error(`"${id}" is no id of a pack.`);
    tell(await activate(await packs(), id, now()));
  });

program
  .command('rollback')
  .description('back to what was in use before')
  .action(async () => tell(await rollback(await packs(), now())));

function tell(pack: PackPointer['pack']): void {
  console.log(
    pack ? `In use: pack ${pack.id}, version ${pack.version}.` : 'In use: the built-in data alone.',
  );
}

function percent(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('A number from 0 to 100.');
  return value;
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
