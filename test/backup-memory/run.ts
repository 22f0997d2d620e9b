import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreFile } from '#shared/jobs/archive/drill-restore.ts';
import { type DrillRun, newDrill } from '#shared/jobs/archive/drill-run.ts';
import { restoreAndCompare } from '#shared/jobs/archive/restore.ts';
import { readSegmentResult } from '#shared/jobs/archive/segment.ts';
import { backupSegment } from '#shared/jobs/backup-segment/index.ts';
import type { Archive, DrillTables, RestoreTarget, World } from '#shared/jobs/ports.ts';

// Run as a process of its own: backs up and replays a generated table of so many megabytes, and tells the most memory
// that it ever held. `node test/backup-memory/run.ts 1024`

const MEGABYTE = 1024 * 1024;
const PAGE_ITEMS = 500;

const megabytes = Number(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'backup-memory-'));
const fileOf = (key: string): string => join(folder, key.replaceAll('/', '_'));

/** About 2 KB of which half hardly compresses, as sealed fields do. */
function itemOf(index: number) {
  const sealed = createHash('shake256', { outputLength: 700 }).update(String(index)).digest('base64');
  return {
    pk: { S: `OWNER#${index}` },
    sk: { S: 'medication#1' },
    body: { B: sealed },
    state: { S: `active ${'and so on '.repeat(90)}` },
  };
}

const ITEMS = Math.round((megabytes * MEGABYTE) / JSON.stringify({ Item: itemOf(1) }).length);
let bytes = 0;

async function* pages() {
  for (let at = 0; at < ITEMS; at += PAGE_ITEMS) {
    const items = Array.from({ length: Math.min(PAGE_ITEMS, ITEMS - at) }, (_, index) => itemOf(at + index));
    yield items;
  }
}

const archive: Pick<Archive, 'tables' | 'scan' | 'put' | 'get' | 'stream' | 'list'> = {
  tables: ['records'],
  async *scan() {
    for await (const page of pages()) {
      const lines = page.map((item) => JSON.stringify({ Item: item }));
      bytes += lines.reduce((sum, line) => sum + line.length, 0);
      yield lines;
    }
  },
  put: async (key, body) => {
    writeFileSync(fileOf(key), body);
    return '';
  },
  get: async (key) => readFileSync(fileOf(key)),
  stream: async (key) => createReadStream(fileOf(key)),
  async *list() {},
};
/** What is written is forgotten: only how it is replayed is looked at. */
const target: RestoreTarget = { write: async () => {}, scan: pages };

try {
  const world = { archive, now: () => '2026-03-01T00:00:00.000Z' } as unknown as World; // it uses no other part
  const order = { prefix: 'backups/x/1', table: 'records', segment: 0, of: 1 };
  const job = {
    jobId: '1',
    attempt: 1,
    generation: 1,
    round: 0,
    createdAt: '',
    dueAt: '',
    correlationId: '',
    children: [],
  };
  const done = await backupSegment.open(order).process(job, world);
  if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
  const { files } = readSegmentResult(done.result);
  const backupRss = process.resourceUsage().maxRSS;
  const deps = {
    archive,
    keyNames: ['pk', 'sk'] as const,
    admit: async (_: string, item: object) => ({ ...item }),
  };
  const [restored] = await restoreAndCompare(deps, [{ table: 'records', full: files, changes: [] }], target);
  const restoreRss = process.resourceUsage().maxRSS;
  // A drill writes into tables that it reads before each page of changes: here the whole is told once more as changes.
  const tables: DrillTables = {
    names: ['records'],
    write: async () => {},
    read: async () => [],
    page: async () => ({ items: [] }),
  };
  const drill = { archive, tables, keyNames: deps.keyNames, mayGoOn: () => true };
  let run: DrillRun = { ...newDrill('2026-03-01T00:00:00.000Z'), phase: 'restore' };
  while (run.table === 0) run = await restoreFile(drill, run, { table: 'records', full: [], changes: files });
  console.log(
    JSON.stringify({
      items: ITEMS,
      megabytes: Math.round(bytes / MEGABYTE),
      files: files.length,
      same: restored?.expected === restored?.found && restored?.items === ITEMS,
      backup_mb: Math.round(backupRss / 1024),
      restore_mb: Math.round(restoreRss / 1024),
      drilled: run.tables[0]?.expected === restored?.expected,
      drill_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
