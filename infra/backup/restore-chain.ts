import { createRestoreTarget } from '#shared/adapters/restore-target.ts';
import { createResultTarget } from '#shared/adapters/result-objects.ts';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { admission } from '#shared/jobs/archive/admission.ts';
import type { CompletedBackup } from '#shared/jobs/archive/catalogue.ts';
import { type RestoredTable, restoreAndCompare } from '#shared/jobs/archive/restore.ts';
import { laterThan, planRestore } from '#shared/jobs/archive/restore-plan.ts';
import { type ItemState, RESULTS_TABLE, type RestoreTarget } from '#shared/jobs/ports.ts';
import { addSeconds, instantOf } from '#shared/lifecycle/instant.ts';
import { BACKED_UP } from './new-tables.ts';
import type { BackupPlace } from './place.ts';
import { begunThere, isMark } from './restore-mark.ts';
import { copySecrets, erasedUsers, rewrapping } from './secrets.ts';
import { startAfresh } from './start-afresh.ts';

export interface RestoreWishes {
  /** With what the change log holds beyond the chain. */
  readonly latest?: boolean;
  /** Deployed name of the table of secrets; that of the place unless given. */
  readonly secrets?: string;
  readonly onProgress?: (table: string, lines: number) => void;
}

export interface RestoreAnswer {
  /** Ids of what was restored, the full backup first. */
  readonly chain: readonly string[];
  /** What was written later is not in it, but for what the change log held beyond. */
  readonly until: string | undefined;
  readonly tables: readonly RestoredTable[];
  readonly secrets: number;
  readonly seconds: number;
  /** Whether what stands is what the backup says. */
  readonly same: boolean;
}

/** Replays a chain into tables and compares. @param names deployed names by logical ones */
export async function restoreInto(
  from: BackupPlace,
  chain: readonly CompletedBackup[],
  names: Readonly<Record<string, string>>,
  wishes: RestoreWishes = {},
  to: BackupPlace = from,
): Promise<RestoreAnswer> {
  const started = performance.now();
  const secretsTable = wishes.secrets ?? from.tables.secrets;
  const erased = await erasedUsers(from.dynamo, secretsTable);
  const deps = {
    archive: from.archive,
    keyNames: [PARTITION_KEY, SORT_KEY] as const,
    admit: admission({ erased, ...(to !== from && { rewrap: rewrapping(from, to) }) }),
    ...(wishes.onProgress && { onProgress: wishes.onProgress }),
  };
  const plans = await planRestore(
    from.archive,
    chain,
    // Until a day ahead of this machine's clock, which may be late.
    wishes.latest
      ? await laterThan(from.archive, chain, addSeconds(instantOf(Date.now()), 86_400))
      : new Map(),
  );
  // In the same deployment the bucket of results is where it was: what is new are the tables.
  const wanted = plans.filter(({ table }) => to !== from || table !== RESULTS_TABLE);
  const tables = await restoreAndCompare(deps, wanted, targetIn(to, names));
  // Last: whoever could read what is half restored would take it for whole.
  const secrets =
    to === from
      ? 0
      : await copySecrets(
          { dynamo: from.dynamo, table: secretsTable },
          { dynamo: to.dynamo, table: to.tables.secrets },
        );
  if (to !== from) await startAfresh(to.lambda, await to.functions(), instantOf(Date.now()));
  return {
    chain: chain.map(({ backupId }) => backupId),
    until: chain.at(-1)?.manifest.interval.until,
    tables,
    secrets,
    seconds: Math.round((performance.now() - started) / 1000),
    same: tables.every(({ expected, found }) => expected === found),
  };
}

/** Tables by these names, and the bucket of results as one more. */
function targetIn(
  { dynamo, s3, resultsBucket }: BackupPlace,
  names: Readonly<Record<string, string>>,
): RestoreTarget {
  const [tables, results] = [createRestoreTarget(dynamo, names), createResultTarget(s3, resultsBucket)];
  const of = (table: string) => (table === RESULTS_TABLE ? results : tables);
  return {
    write: (table, states) => of(table).write(table, states),
    scan: async function* (table) {
      for await (const page of of(table).scan(table)) yield page.filter((item) => !isMark(item));
    },
  };
}

/** What a deployment makes by itself before anybody has used it; a restore brings its own. */
const OF_NOBODY = /^(WATERMARK$|KEY#|REFUSALS#)/;

/**
 * Makes sure that nothing of anybody stands in another deployment's tables, and takes away what it made by itself.
 * @throws Error when something stands there that would be mixed with what is restored
 */
export async function emptyOut(to: BackupPlace): Promise<void> {
  const target = targetIn(to, to.tables);
  const begun = await begunThere(to);
  if (begun !== undefined)
    throw new Error(`A restore of ${begun} was begun there and has not ended: end it with --again.`);
  for await (const _result of target.scan(RESULTS_TABLE))
    throw new Error('There are results there: a restore needs a deployment that nobody has used.');
  for (const table of BACKED_UP)
    for await (const page of target.scan(table)) {
      const states = page.map((item): ItemState & { readonly partition: string } => ({
        keys: { [PARTITION_KEY]: item[PARTITION_KEY], [SORT_KEY]: item[SORT_KEY] },
        partition: String(Object(item[PARTITION_KEY]).S),
      }));
      if (!states.every(({ partition }) => OF_NOBODY.test(partition)))
        throw new Error(
          `The table ${table} there is not empty: a restore needs a deployment that nobody has used.`,
        );
      await target.write(table, states);
    }
}
