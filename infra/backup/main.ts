import { randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import { DEVELOPER_FOLDER, givenStackFolder } from '#infra/local/stack-folder.ts';
import { type CompletedBackup, chainOf } from '#shared/jobs/archive/catalogue.ts';
import { lastDrills } from '#shared/jobs/archive/drill-report.ts';
import { chainFaults } from '#shared/jobs/archive/verify-backup.ts';
import { isWhole, newestOf, wholeCatalogue } from '#shared/jobs/archive/whole-catalogue.ts';
import { instantOf } from '#shared/lifecycle/instant.ts';
import { sayingWhatStands } from './half-done.ts';
import { tidied } from './interrupted.ts';
import { dropTables, makeTables, namesUnder, putIntoService } from './new-tables.ts';
import { type BackupPlace, backupPlaceOf } from './place.ts';
import { emptyOut, type RestoreWishes, restoreInto } from './restore-chain.ts';
import { demandBegun, markBegun, markEnded } from './restore-mark.ts';
import { catalogueText, describeAll, restoreText } from './show.ts';
import { drillsText, lastDrillText } from './show-drills.ts';

interface VerifyWishes {
  readonly level: 'signature' | 'files' | 'restore';
  readonly json?: boolean;
}

interface RestoreOptions extends RestoreWishes {
  readonly to?: string;
  readonly toStage?: string;
  readonly toLaptop?: string;
  readonly again?: boolean;
  readonly json?: boolean;
}

const program = new Command('backup')
  .description('Backups of jobs and records: which there are, whether they are whole, and restoring them.')
  .option('--stage <stage>', 'the stage in AWS; without it the running laptop stack')
  .option(
    '--laptop <folder>',
    'the checkout of another laptop stack than your own, or the folder in which it keeps its files',
  );
const place = (): Promise<BackupPlace> => {
  const { stage, laptop } = program.opts<{ stage?: string; laptop?: string }>();
  return backupPlaceOf(stage, laptop === undefined ? DEVELOPER_FOLDER : givenStackFolder(laptop));
};
const print = (value: unknown): void => console.log(JSON.stringify(value, undefined, 2));

program
  .command('list')
  .description(
    'all backups, the newest first; exit code 1 when one is unfinished, broken, not signed, cut off from what it continues, not in the catalogue, or missing',
  )
  .option('--json', 'as JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const from = await place();
    const found = await catalogue(from);
    if (json) print(describeAll(found));
    else {
      const { drills } = await lastDrills(from.archive, 1);
      console.log([catalogueText(found), lastDrillText(drills[0])].join('\n'));
    }
    process.exitCode = isWhole(found) ? 0 : 1;
  });

program
  .command('drills')
  .description(
    'what the last drills of a restore have shown, the newest first; exit code 1 unless the newest has passed',
  )
  .option('--limit <number>', 'how many', '12')
  .option('--json', 'as JSON')
  .action(async ({ limit, json }: { limit: string; json?: boolean }) => {
    const most = Number(limit);
    if (!Number.isInteger(most) || most < 1) throw new Error('--limit is a number from 1 on.');
    const found = await lastDrills((await place()).archive, most);
    if (json) print(found);
    else console.log(drillsText(found));
    process.exitCode = found.drills[0]?.passed && found.unreadable.length === 0 ? 0 : 1;
  });

program
  .command('verify [backup]')
  .description('whether a backup, and all that it continues, can be restored; the newest unless one is named')
  .addOption(
    new Option(
      '--level <level>',
      'how far to go: signatures; every line of every file; restored into new tables',
    )
      .choices(['signature', 'files', 'restore'])
      .default('files'),
  )
  .option('--json', 'as JSON')
  .action(async (id: string | undefined, wishes: VerifyWishes) => {
    const from = await place();
    const chain = await chainTo(from, id);
    const level = wishes.level === 'restore' ? 'files' : wishes.level;
    const faults = await chainFaults(from.archive, chain, await from.publicKey(), level);
    const restored =
      wishes.level === 'restore' && faults.length === 0 ? await tryOut(from, chain) : undefined;
    const links = chain.map(({ backupId }) => backupId);
    if (wishes.json) print({ chain: links, faults, ...(restored && { restored }) });
    else {
      console.log(`Chain: ${links.join(' → ')}`);
      if (restored) console.log(restoreText(restored));
      console.log(faults.length > 0 ? ['NOT WHOLE:', ...faults].join('\n') : 'Nothing is wrong with it.');
    }
    process.exitCode = faults.length === 0 && restored?.same !== false ? 0 : 1;
  });

program
  .command('restore [backup]')
  .description('restores a backup with all that it continues; the newest unless one is named')
  .option('--to <prefix>', 'into new tables <prefix>-jobs and <prefix>-records of the same deployment')
  .option('--to-stage <stage>', 'into the empty tables of another stage, with the secrets of users')
  .option(
    '--to-laptop <folder>',
    'into the empty tables of another laptop stack, with the secrets of users: its checkout, or the folder in which it keeps its files (.local)',
  )
  .option('--latest', 'with what the change log holds beyond the last backup', false)
  .option('--secrets <table>', 'the table of secrets, should that of the deployment be gone')
  .option('--again', 'into what an earlier restore of the same backup has left unfinished', false)
  .option('--json', 'as JSON')
  .action(async (id: string | undefined, options: RestoreOptions) => {
    const { to, toStage, toLaptop } = options;
    if ([to, toStage, toLaptop].filter((one) => one !== undefined).length !== 1)
      throw new Error('Say where to: one of --to, --to-stage and --to-laptop.');
    const from = await place();
    const chain = await chainTo(from, id);
    const faults = await chainFaults(from.archive, chain, await from.publicKey(), 'signature');
    if (faults.length > 0) throw new Error(['Nothing was restored.', ...faults].join('\n'));
    const wishes = { ...options, ...(!options.json && { onProgress: tell }) };
    const answer =
      to === undefined
        ? await intoDeployment(from, chain, wishes)
        : await intoNewTables(from, chain, to, wishes);
    if (options.json) print(answer);
    else console.log(restoreText(answer));
    process.exitCode = answer.same ? 0 : 1;
  });

async function intoNewTables(
  from: BackupPlace,
  chain: readonly CompletedBackup[],
  prefix: string,
  options: RestoreOptions,
) {
  if (!/^[A-Za-z0-9_.-]{3,200}$/.test(prefix))
    throw new Error(
      `"${prefix}" cannot begin the name of a table: 3 to 200 letters, digits, "_", "." and "-" can.`,
    );
  const names = await makeTables(from, prefix, options.again);
  const answer = await sayingWhatStands(Object.values(names), () => restoreInto(from, chain, names, options));
  if (answer.same) await putIntoService(from.dynamo, names);
  return answer;
}

async function intoDeployment(from: BackupPlace, chain: readonly CompletedBackup[], options: RestoreOptions) {
  const to = await backupPlaceOf(options.toStage, givenStackFolder(options.toLaptop ?? ''));
  if (to.id === from.id) throw new Error('A backup is not restored over what it was made of: use --to.');
  const ids = chain.map(({ backupId }) => backupId);
  if (options.again) await demandBegun(to, ids);
  else {
    await emptyOut(to);
    await markBegun(to, ids);
  }
  const { jobs, records } = to.tables;
  const answer = await sayingWhatStands([jobs, records], () =>
    restoreInto(from, chain, to.tables, options, to),
  );
  if (answer.same) await markEnded(to);
  return answer;
}

/** Restores into tables that go again. */
async function tryOut(from: BackupPlace, chain: readonly CompletedBackup[]) {
  const prefix = `restore-check-${randomBytes(4).toString('hex')}`;
  const names = namesUnder(prefix);
  return tidied(
    async () => restoreInto(from, chain, await makeTables(from, prefix)),
    () => dropTables(from.dynamo, names),
    Object.values(names).join(' and '),
  );
}

const catalogue = async ({ archive, lastEnded, publicKey }: BackupPlace) =>
  wholeCatalogue(archive, instantOf(Date.now()), { head: await lastEnded(), key: await publicKey() });

async function chainTo(from: BackupPlace, id: string | undefined): Promise<readonly CompletedBackup[]> {
  const found = await catalogue(from);
  return chainOf(found.entries, id ?? newestOf(found));
}

function tell(table: string, lines: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${table}: ${lines} lines replayed `);
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
