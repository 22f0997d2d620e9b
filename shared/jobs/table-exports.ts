import type { Instant } from '../lifecycle/instant.ts';

/** DynamoDB's own exports of whole tables into the backup bucket. */
export interface TableExports {
  /**
   * Begins the export of a table as it stands now. It goes on by itself, for minutes or hours.
   * @param token asked for again with the same one within eight hours, it is the same export
   * @returns its ARN
   */
  begin(order: { readonly table: string; readonly prefix: string; readonly token: string }): Promise<string>;
  /** How far an export has come. */
  look(arn: string): Promise<TableExport>;
}

export type TableExport =
  | { readonly status: 'running' }
  | {
      readonly status: 'failed';
      /** As AWS names it. */
      readonly code: string;
    }
  | {
      readonly status: 'completed';
      /** What was written later is not in it. */
      readonly exportedAt: Instant;
      readonly items: number;
    };
