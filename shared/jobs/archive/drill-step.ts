import type { KeyObject } from 'node:crypto';
import { addSeconds, type Clock } from '../../lifecycle/instant.ts';
import type { ArchiveReader, ItemState, JsonItem } from '../ports.ts';
import {
  type CatalogueEntry,
  type CompletedBackup,
  chainOf,
  isCompleted,
  MissingLinkError,
  newestFirst,
} from './catalogue.ts';
import { ContentHash, itemDigest } from './content-hash.ts';
import { type DrillRestoreDeps, drilledTable, readResults, restoreFile, withTable } from './drill-restore.ts';
import { atTable, DRILL_HOURS, type DrillRun, failedDrill, isJudged } from './drill-run.ts';
import { readingAhead } from './read-ahead.ts';
import { DamagedFileError } from './read-lines.ts';
import { laterThan, planRestore, type TablePlan } from './restore-plan.ts';
import { chainFaults } from './verify-backup.ts';

export interface DrillDeps extends DrillRestoreDeps {
  /** Of the key that backups must be signed with. */
  readonly publicKey: () => Promise<KeyObject>;
  readonly clock: Clock;
}

/**
 * Goes on with a drill until there is no time for more: what an earlier drill has left is taken away, the newest chain is
 * chosen and its signatures are verified, every file is checked and replayed, what stands is read back and held against
 * the backup, and then it is taken away. What is wrong with the backup is a verdict and no error.
 * A step that is repeated comes to the same, unless changes were being replayed: see `startedOver`.
 */
export async function drillStep(deps: DrillDeps, run: DrillRun): Promise<DrillRun> {
  let at = run;
  const plans = rememberedPlans(deps);
  try {
    do at = await advance(deps, isLate(deps, at) ? failedDrill(at, TOO_LONG) : at, plans);
    while (
      // The verdict is handed back before anything is taken away: repeated, a comparison still finds all that it reads.
      at.phase !== 'done' &&
      isJudged(at) === isJudged(run) &&
      deps.mayGoOn()
    );
    return at;
  } catch (error) {
    if (error instanceof DamagedFileError || error instanceof MissingLinkError)
      return failedDrill(at, error.message);
    throw error;
  }
}

const TOO_LONG = `Nothing was compared within ${DRILL_HOURS} hours.`;

const isLate = ({ clock }: DrillDeps, run: DrillRun): boolean =>
  !isJudged(run) && clock() > addSeconds(run.started_at, DRILL_HOURS * 3_600);

/** With the reader of its files, each of which asks for those after it. */
type PlanAhead = TablePlan & { readonly archive: ArchiveReader };
type Plans = (run: DrillRun) => Promise<readonly PlanAhead[]>;

async function advance(deps: DrillDeps, run: DrillRun, plans: Plans): Promise<DrillRun> {
  const table = deps.tables.names[run.table];
  switch (run.phase) {
    case 'clear':
      return table === undefined ? atTable(run, 'choose', 0) : takeAway(deps, run, table);
    case 'choose':
      return choose(deps, run);
    case 'restore': {
      if (table === undefined) return restoreOthers(deps, run, await plans(run));
      const plan = (await plans(run)).find((one) => one.table === table);
      if (!plan) throw new DamagedFileError(`The backup does not hold the table ${table}.`);
      return restoreFile({ ...deps, archive: plan.archive }, run, plan);
    }
    case 'compare':
      return table === undefined
        ? { ...atTable(run, 'empty', 0), compared_at: deps.clock() }
        : compare(deps, run, table);
    case 'empty':
      return table === undefined ? atTable(run, 'done', 0) : takeAway(deps, run, table);
    default:
      return run;
  }
}

/** After the tables comes what is none. */
async function restoreOthers(deps: DrillDeps, run: DrillRun, plans: readonly PlanAhead[]): Promise<DrillRun> {
  const { names } = deps.tables;
  const plan = plans.filter(({ table }) => !names.includes(table))[run.table - names.length];
  if (!plan) return atTable(run, 'compare', 0);
  return readResults({ ...deps, archive: plan.archive }, run, plan);
}

async function choose(deps: DrillDeps, run: DrillRun): Promise<DrillRun> {
  const chain = await chainTo(deps.archive, undefined, run.head);
  const faults = await chainFaults(deps.archive, chain, await deps.publicKey(), 'signature');
  if (faults.length > 0) return failedDrill(run, ...faults);
  const last = chain.at(-1);
  return {
    ...atTable(run, 'restore', 0),
    ...(last && { backup_id: last.backupId, newest_change: last.manifest.interval.until }),
  };
}

/**
 * @param head one that must be there as well
 * @throws MissingLinkError when there is no finished backup, or one that it continues, or `head`, is not there
 */
async function chainTo(
  archive: ArchiveReader,
  id?: string,
  head?: string,
): Promise<readonly CompletedBackup[]> {
  const entries = [];
  let wanted = id;
  let awaited = head;
  for await (const entry of newestFirst(archive)) {
    entries.push(entry);
    if (!isCompleted(entry)) continue;
    wanted ??= entry.backupId;
    if (entry.backupId === awaited) awaited = undefined;
    // What is older than the full one of the chain is of no use to it. That need not be the first one that is met: what was asked
    // for while a full one was at work continues the one before.
    if (awaited === undefined && entry.manifest.backup_type === 'full' && isWhole(entries, wanted)) break;
  }
  if (awaited !== undefined)
    throw new MissingLinkError(`The last backup, ${awaited}, had ended well and is not there.`);
  if (wanted === undefined) throw new MissingLinkError('There is no finished backup.');
  return chainOf(entries, wanted);
}

function isWhole(entries: readonly CatalogueEntry[], backupId: string): boolean {
  try {
    return chainOf(entries, backupId).length > 0;
  } catch (error) {
    if (error instanceof MissingLinkError) return false;
    throw error;
  }
}

/** The same for all that one step does. What comes to the log meanwhile was written after the start. */
function rememberedPlans({ archive }: DrillDeps): Plans {
  let known: Promise<readonly PlanAhead[]> | undefined;
  const planOf = async (run: DrillRun) => {
    const chain = await chainTo(archive, run.backup_id);
    const plans = await planRestore(archive, chain, await laterThan(archive, chain, run.started_at));
    return plans.map((plan) => ({
      ...plan,
      archive: readingAhead(archive, [...plan.full, ...plan.changes]),
    }));
  };
  return (run) => {
    known ??= planOf(run);
    return known;
  };
}

async function compare(deps: DrillDeps, run: DrillRun, table: string): Promise<DrillRun> {
  const { items, next } = await deps.tables.page(table, run.after);
  const drilled = drilledTable(run, table);
  const found = ContentHash.from(drilled.found);
  for (const item of items) found.add(itemDigest(item));
  const compared = withTable(run, { ...drilled, found: found.text() });
  if (next) return { ...compared, after: next };
  const faults =
    found.text() === drilled.expected ? [] : [`What was restored into ${table} is not what the backup says.`];
  return { ...atTable(compared, 'compare', run.table + 1), faults: [...run.faults, ...faults] };
}

/** A page of what stands, from the beginning: what was taken away before is not seen again. */
async function takeAway(deps: DrillDeps, run: DrillRun, table: string): Promise<DrillRun> {
  const { items, next } = await deps.tables.page(table);
  await deps.tables.write(
    table,
    items.map((item): ItemState => ({ keys: keyOf(deps, item) })),
  );
  return next ? run : atTable(run, run.phase, run.table + 1);
}

const keyOf = ({ keyNames }: DrillDeps, item: JsonItem): JsonItem =>
  Object.fromEntries(keyNames.map((name) => [name, item[name]]));
