import { type Command, InvalidArgumentError, Option } from 'commander';
import { MOST_PER_SECOND } from '#shared/operations/bodies/bulk-action.ts';
import {
  abortBulk,
  type BulkView,
  type BulkWishes,
  countBulk,
  followBulk,
  readBulk,
  startBulk,
} from './bulk-action.ts';
import { followWithBar } from './follow.ts';
import { one, type Place, print, show } from './job-commands.ts';
import { type FilterWishes, filterOf, withFilters } from './job-filters.ts';
import type { OpsApi } from './ops-api.ts';
import { bulkLine } from './show.ts';

/** Exit code when not all of it was done. */
const NOT_ALL = 3;

interface Wishes extends FilterWishes {
  readonly yes?: boolean;
  readonly rate?: number;
  readonly wait: boolean;
  readonly confirm?: string;
  readonly key?: string;
  readonly json?: boolean;
}

/** `redrive`, `cancel`, `progress`, `abort`. */
export function addBulkCommands(jobs: Command, place: Place): void {
  withBulk(jobs.command('redrive').description('runs all failed jobs again that the options name')).action(
    async (wishes: Wishes) => bulk(await place(), 'retry', wishes),
  );

  withBulk(jobs.command('cancel [job_id]').description('cancels one job, or all that the options name'))
    .addOption(new Option('--confirm <priority>', 'where CRITICAL may be among them').choices(['CRITICAL']))
    .action(async (id: string | undefined, wishes: Wishes) => {
      if (id === undefined) return bulk(await place(), 'cancel', wishes);
      if (Object.keys(filterOf(wishes)).length > 0)
        throw new Error('Name a job, or say by options which ones.');
      show(wishes.json, await one(await place(), 'POST', id, '/cancel'));
    });

  jobs
    .command('progress <bulk_action_id>')
    .description('follows a bulk action to its end')
    .option('--no-wait', 'only say how far it is')
    .option('--json', 'as JSON')
    .action(async (id: string, wishes: Pick<Wishes, 'wait' | 'json'>) => {
      const api = await place();
      await end(api, await readBulk(api, id), wishes);
    });

  jobs
    .command('abort <bulk_action_id>')
    .description('stops a bulk action; what it has changed stays changed')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const view = await abortBulk(await place(), id);
      print(json, view.body, () => bulkLine(view));
    });
}

const withBulk = (command: Command): Command =>
  withFilters(command)
    .option('--yes', 'do it; without it the jobs are counted only')
    .option('--rate <per second>', `1 to ${MOST_PER_SECOND}; 5 unless given`, rate)
    .option('--no-wait', 'do not follow it to its end')
    .option('--key <key>', 'the same key finds the same bulk action again')
    .option('--json', 'as JSON');

async function bulk(api: OpsApi, action: BulkWishes['action'], wishes: Wishes): Promise<void> {
  const { rate: ratePerSecond, confirm, key, yes, json } = wishes;
  const ask: BulkWishes = {
    action,
    filter: named(filterOf(wishes)),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(confirm !== undefined && { confirm }),
    ...(key !== undefined && { key }),
  };
  if (!yes) {
    const { body, matched, more } = await countBulk(api, ask);
    const count = `${more ? 'at least ' : ''}${matched}`;
    return print(json, body, () => `It would ${action} ${count} jobs. Nothing was changed: --yes does it.`);
  }
  const view = await startBulk(api, ask);
  if (!json) console.log(`Bulk action ${view.id}: "jobs abort ${view.id}" stops it; leaving this does not.`);
  await end(api, view, wishes);
}

/** @throws Error that names the options, when none was given: that would be every job */
function named(filter: ReturnType<typeof filterOf>): ReturnType<typeof filterOf> {
  if (Object.keys(filter).length > 0) return filter;
  throw new Error('Say which jobs: --kind, --status, --priority, --error-code, --from or --to.');
}

/** Shows it, to its end if that is wished; as JSON it is awaited in silence. */
async function end(
  api: OpsApi,
  view: BulkView,
  { wait, json }: Pick<Wishes, 'wait' | 'json'>,
): Promise<void> {
  const last = !wait
    ? view
    : await (json ? awaited(api, view) : followWithBar(api, view)).catch(goesOn(view));
  print(json, last.body, () => bulkLine(last));
  if (last.status === 'aborted' || last.refused + last.unreadable > 0) process.exitCode = NOT_ALL;
}

/** A token may run out while one looks on, and nobody would know any more what there is to look at. */
const goesOn =
  ({ id }: BulkView) =>
  (error: unknown): never => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\nBulk action ${id} goes on all the same: "jobs progress ${id}" follows it.`);
  };

const awaited = async (api: OpsApi, view: BulkView): Promise<BulkView> =>
  followBulk(api, view, () => undefined);

function rate(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_PER_SECOND) return count;
  throw new InvalidArgumentError(`A whole number from 1 to ${MOST_PER_SECOND}.`);
}
