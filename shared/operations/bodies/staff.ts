import type { RouteName } from '../../contract/routes.ts';
import { type BulkActionBody, schema as bulkAction } from './bulk-action.ts';
import { type JobSearchBody, schema as jobSearch } from './job-search.ts';

/** The same for routes of staff: apart, because whoever judges bodies inside of jobs need not carry what reads these. */
export const STAFF_BODY_SCHEMAS = {
  searchJobs: jobSearch,
  startBulkAction: bulkAction,
} as const satisfies { readonly [R in RouteName]?: object };

export type StaffRouteWithBody = keyof typeof STAFF_BODY_SCHEMAS;

/** What each of them describes. */
export interface StaffBodies extends Record<StaffRouteWithBody, object> {
  readonly searchJobs: JobSearchBody;
  readonly startBulkAction: BulkActionBody;
}
