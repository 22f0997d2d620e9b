import { createInMemoryExports } from '#test/fakes/in-memory-exports.ts';
import { NOW } from './sample-jobs.ts';
import { tableExportsContract } from './table-exports-contract.ts';

tableExportsContract('in memory', async () => {
  const exports = createInMemoryExports({
    objects: new Map(),
    linesOf: () => ['{"Item":{}}', '{"Item":{}}'],
    now: () => NOW,
  });
  return { exports, now: () => NOW, end: async () => exports.end(), items: 2 };
});
