import { type Command, InvalidArgumentError } from 'commander';
import { type Found, findJobs, type Job } from './find-jobs.ts';
import { type FilterWishes, filterOf, withFilters } from './job-filters.ts';
import { lateJobs } from './late-jobs.ts';
import type { OpsApi } from './ops-api.ts';
import { jobsText, jobText, lateText } from './show.ts';

/** Exit code of `late` when something is, or may be. */
const SOMETHING_LATE = 2;
const MOST_JOBS = 5_000;

export type Place = () => Promise<OpsApi>;

interface Shown {
  readonly json?: boolean;
}

/** `list`, `show`, `retry`, `late`. */
export function addJobCommands(jobs: Command, place: Place): void {
  withFilters(
    jobs.command('list').description('jobs by what is given: open and failed ones, then ended ones'),
    ' (ended: ended)',
  )
    .option('--user <id>', 'jobs about that user only (of the last four months)')
    .option('--limit <count>', `at most so many, up to ${MOST_JOBS}`, limit, 50)
    .option('--json', 'as JSON')
    .action(
      async ({ user, limit, json, ...wishes }: FilterWishes & Shown & { user?: string; limit: number }) => {
        const question = { filter: filterOf(wishes), limit, ...(user !== undefined && { userId: user }) };
        const found = await findJobs(await place(), question, pageTeller(limit));
        print(json, jsonOf(found), () => jobsText(found));
      },
    );

  jobs
    .command('show <job_id>')
    .description('one job, with its attempts')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: Shown) => show(json, await one(await place(), 'GET', id)));

  jobs
    .command('retry <job_id>')
    .description('runs a failed job again')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: Shown) =>
      show(json, await one(await place(), 'POST', id, '/retry')),
    );

  jobs
    .command('late')
    .description(
      `jobs and doses that are late now; exit code ${SOMETHING_LATE} when there are any, or it cannot be told`,
    )
    .option('--json', 'as JSON')
    .action(async ({ json }: Shown) => {
      const late = await lateJobs(await place(), Date.now());
      print(json, { ...jsonOf(late), doses: late.doses.length, paused: late.paused }, () => lateText(late));
      // What cannot be read may be: a script must not take that for an all-clear.
      if (late.jobs.length + late.unreadable > 0) process.exitCode = SOMETHING_LATE;
    });
}

const jsonOf = ({ jobs, more, unreadable }: Found) => ({
  jobs,
  more,
  ...(unreadable > 0 && { unreadable_jobs: unreadable }),
});

/** One job, looked at or changed. */
export async function one(api: OpsApi, method: string, id: string, verb = ''): Promise<Job> {
  return (await api(method, `/jobs/${encodeURIComponent(id)}${verb}`)).body;
}

export const show = (json: boolean | undefined, job: Job): void => print(json, job, () => jobText(job));

export function print(json: boolean | undefined, value: unknown, text: () => string): void {
  console.log(json ? JSON.stringify(value, undefined, 2) : text());
}

/** Many pages take a while: a terminal is told so. */
const pageTeller = (limit: number) => (found: number) => {
  if (limit > 100 && process.stderr.isTTY) process.stderr.write(`\r${found} found …`);
};

function limit(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_JOBS) return count;
  throw new InvalidArgumentError(`A whole number from 1 to ${MOST_JOBS}.`);
}
