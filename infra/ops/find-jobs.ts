import { ROUTES } from '#shared/contract/routes.ts';
import { type OpsApi, objectsIn } from './ops-api.ts';

/** A job of a list, as the API shows it. */
export type Job = Readonly<Record<string, unknown>>;

export interface Question {
  readonly filter: Readonly<Record<string, string>>;
  /** Whose jobs: asked for in a body, never in a URL. */
  readonly userId?: string;
  readonly limit: number;
}

export interface Found {
  readonly jobs: readonly Job[];
  /** There are, or may be, others. */
  readonly more: boolean;
  /** Rows that the API could not read: whatever they are, they are none of `jobs`. */
  readonly unreadable: number;
}

const MOST_PER_PAGE = 100;
/** A filter that hardly anything fits has pages that are nearly empty. */
const MOST_PAGES = 50;

/** Jobs page by page until there are enough, or no more. @param onPage is told how many there are so far */
export async function findJobs(
  api: OpsApi,
  { filter, userId, limit }: Question,
  onPage: (found: number) => void = () => undefined,
): Promise<Found> {
  const jobs: Job[] = [];
  let unreadable = 0;
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = {
      limit: Math.min(MOST_PER_PAGE, limit - jobs.length),
      ...(cursor !== undefined && { cursor }),
    };
    const { body } =
      userId === undefined
        ? await api('GET', `${ROUTES.listJobs.path}?${queryOf({ ...filter, ...page })}`)
        : await api('POST', ROUTES.searchJobs.path, { body: { user_id: userId, ...filter, ...page } });
    jobs.push(...objectsIn(body, 'jobs'));
    unreadable += Number(body['unreadable_jobs'] ?? 0);
    onPage(jobs.length);
    const next = body['next_cursor'];
    if (typeof next !== 'string') return { jobs, more: false, unreadable };
    if (jobs.length >= limit) return { jobs, more: true, unreadable };
    cursor = next;
  }
  return { jobs, more: true, unreadable };
}

const queryOf = (members: Readonly<Record<string, string | number>>): URLSearchParams =>
  new URLSearchParams(
    Object.entries(members).map(([name, value]): [string, string] => [name, String(value)]),
  );
