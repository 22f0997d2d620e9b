import { API_PREFIX, ROUTES } from '../contract/routes.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { BulkAction, JobFilter } from './bulk-ports.ts';

/** A bulk action as the API shows it. */
export function bulkActionView(action: BulkAction): JsonObject {
  const self = `${API_PREFIX}${ROUTES.startBulkAction.path}/${action.bulkActionId}`;
  return {
    bulk_action_id: action.bulkActionId,
    action: action.action,
    filter: filterView(action.filter),
    dry_run: false,
    status: action.status,
    rate_per_second: action.ratePerSecond,
    created_at: action.createdAt,
    updated_at: action.updatedAt,
    ...(action.endedAt !== undefined && { ended_at: action.endedAt }),
    by: action.actor.ref,
    matched: { ...action.matched },
    progress: {
      changed: action.changed,
      refused: action.refused,
      ...(action.unreadable && { unreadable: action.unreadable }),
    },
    links: { self, ...(action.status === 'running' && { abort: `${self}/abort` }) },
  };
}

/** As it was sent. */
export const filterView = ({ errorCode, ...filter }: JobFilter): JsonObject => ({
  ...filter,
  ...(errorCode !== undefined && { error_code: errorCode }),
});
