import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTES } from '#shared/contract/routes.ts';
import type { OpsApi } from './ops-api.ts';

export interface BulkWishes {
  readonly action: 'retry' | 'cancel';
  readonly filter: Readonly<Record<string, string>>;
  readonly ratePerSecond?: number;
  readonly confirm?: string;
  /** The same key finds the same bulk action again. */
  readonly key?: string;
}

/** How far a bulk action is, as the API shows it. */
export interface BulkView {
  readonly id: string;
  readonly status: string;
  readonly changed: number;
  readonly refused: number;
  readonly unreadable: number;
  readonly matched: number;
  readonly more: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

const PATH = ROUTES.startBulkAction.path;
const POLL_MS = 2_000;

/** How many jobs it would change; nothing is changed. */
export async function countBulk(api: OpsApi, wishes: BulkWishes): Promise<BulkView> {
  return viewOf((await api('POST', PATH, { body: { ...bodyOf(wishes), dry_run: true } })).body);
}

export async function startBulk(api: OpsApi, wishes: BulkWishes): Promise<BulkView> {
  const headers = { 'idempotency-key': wishes.key ?? randomUUID() };
  const { body } = await api('POST', PATH, { headers, body: { ...bodyOf(wishes), dry_run: false } });
  return viewOf(body);
}

export const readBulk = async (api: OpsApi, id: string): Promise<BulkView> =>
  viewOf((await api('GET', `${PATH}/${encodeURIComponent(id)}`)).body);

export const abortBulk = async (api: OpsApi, id: string): Promise<BulkView> =>
  viewOf((await api('POST', `${PATH}/${encodeURIComponent(id)}/abort`)).body);

/** Looks until it is over. Whoever stops looking does not stop it. */
export async function followBulk(
  api: OpsApi,
  first: BulkView,
  onStep: (view: BulkView) => void,
  pollMs = POLL_MS,
): Promise<BulkView> {
  let view = first;
  onStep(view);
  while (view.status === 'running') {
    await sleep(pollMs);
    view = await readBulk(api, view.id);
    onStep(view);
  }
  return view;
}

const bodyOf = ({ action, filter, ratePerSecond, confirm }: BulkWishes) => ({
  action,
  filter,
  ...(ratePerSecond !== undefined && { rate_per_second: ratePerSecond }),
  ...(confirm !== undefined && { confirm }),
});

function viewOf(body: Readonly<Record<string, unknown>>): BulkView {
  const { count = 0, more = false } = Object(body['matched']);
  const { changed = 0, refused = 0, unreadable = 0 } = Object(body['progress']);
  return {
    id: String(body['bulk_action_id'] ?? ''),
    status: String(body['status'] ?? ''),
    changed: Number(changed),
    refused: Number(refused),
    unreadable: Number(unreadable),
    matched: Number(count),
    more: more === true,
    body,
  };
}
