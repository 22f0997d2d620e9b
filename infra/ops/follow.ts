import { Listr } from 'listr2';
import { type BulkView, followBulk } from './bulk-action.ts';
import type { OpsApi } from './ops-api.ts';
import { bulkLine } from './show.ts';

/** Follows a bulk action to its end, with a bar that moves; without a terminal one line for each step. */
export async function followWithBar(api: OpsApi, first: BulkView): Promise<BulkView> {
  let last = first;
  await new Listr([
    {
      title: bulkLine(first),
      task: async (_, line) => {
        last = await followBulk(api, first, (view) => {
          line.title = bulkLine(view);
        });
      },
    },
  ]).run();
  return last;
}
