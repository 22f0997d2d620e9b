import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { LiveTables } from '#test/fakes/live-tables.ts';
import { restoredTables } from '#test/fakes/restored-tables.ts';
import { chainOf, newestFirst } from './catalogue.ts';
import { BYTES_AHEAD, FILES_AHEAD, readingAhead } from './read-ahead.ts';
import { readFileLines } from './read-lines.ts';
import { restoreAndCompare } from './restore.ts';
import { planRestore } from './restore-plan.ts';

/** A bucket that answers in whatever order the test likes, and knows what it was asked for. */
function slowBucket(bodies: Readonly<Record<string, string>>) {
  const archive = createInMemoryArchive();
  const files = Object.entries(bodies).map(([key, text]) => {
    const body = gzipSync(text);
    archive.objects.set(key, body);
    const sha256 = createHash('sha256').update(body).digest('hex');
    return { key, items: text.split('\n').length, bytes: body.byteLength, sha256 };
  });
  const asked: string[] = [];
  const waiting = new Map<string, () => void>();
  let most = 0;
  const get = async (key: string) => {
    asked.push(key);
    await new Promise<void>((resolve) => {
      waiting.set(key, resolve);
      most = Math.max(most, waiting.size);
    });
    return archive.get(key);
  };
  const answer = (key: string | undefined): void => {
    waiting.get(key ?? '')?.();
    waiting.delete(key ?? '');
  };
  return {
    archive: { ...archive, get },
    objects: archive.objects,
    files,
    asked,
    waiting,
    answer,
    most: () => most,
  };
}

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `f${String(index).padStart(3, '0')}`);
const bodiesOf = (count: number) =>
  Object.fromEntries(names(count).map((name) => [name, `first of ${name}\nlast of ${name}`]));
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('reading ahead', () => {
  it('has so many files on their way and no more, and hands them out in their order whatever comes first', async () => {
    const bucket = slowBucket(bodiesOf(40));
    const ahead = readingAhead(bucket.archive, bucket.files);
    const lines: string[] = [];
    let ended = false;
    const reading = (async () => {
      for (const file of bucket.files) for await (const line of readFileLines(ahead, file)) lines.push(line);
      ended = true;
    })();
    // What was asked for last is answered first.
    while (!ended) {
      bucket.answer([...bucket.waiting.keys()].at(-1));
      await turn();
    }
    await reading;
    expect(lines).toEqual(names(40).flatMap((name) => [`first of ${name}`, `last of ${name}`]));
    expect(bucket.asked).toEqual(names(40));
    expect(bucket.most()).toBe(FILES_AHEAD + 1);
  });

  it('holds no more bytes of what comes than it may, and goes on with what was too large when its turn comes', async () => {
    const bucket = slowBucket(bodiesOf(6));
    const third = Math.floor(BYTES_AHEAD / 3);
    const told = [third, third, third, third, BYTES_AHEAD + 1, 10];
    const files = bucket.files.map((file, index) => ({ ...file, bytes: told[index] ?? 0 }));
    const ahead = readingAhead(bucket.archive, files);
    const askedBy = [];
    for (const { key } of files) {
      const answer = ahead.get(key);
      askedBy.push(bucket.asked.length);
      bucket.answer(key);
      expect(await answer).toBe(bucket.objects.get(key));
    }
    // The fifth fits nowhere: nothing is asked for beyond it until it is read itself.
    expect(askedBy).toEqual([4, 4, 4, 4, 6, 6]);
    expect(bucket.asked).toEqual(names(6));
  });

  it('tells of an error when the turn of its file comes, and of what nobody reads any more not at all', async () => {
    const bucket = slowBucket(bodiesOf(6));
    const get = async (key: string) => {
      if (key >= 'f002') throw new Error(`${key} is out of reach.`);
      return bucket.objects.get(key);
    };
    const ahead = readingAhead({ ...bucket.archive, get }, bucket.files);
    const lines: string[] = [];
    const reading = (async () => {
      for (const file of bucket.files)
        for await (const line of readFileLines(ahead, file)) {
          lines.push(line);
          await turn();
        }
    })();
    await expect(reading).rejects.toThrow('f002 is out of reach.');
    expect(lines).toHaveLength(4);
  });

  it('reads what is asked for again, or out of order, from the bucket', async () => {
    const bucket = slowBucket(bodiesOf(3));
    const ahead = readingAhead(
      { ...bucket.archive, get: async (key) => bucket.objects.get(key) },
      bucket.files,
    );
    for (const key of ['f001', 'f001', 'f000', 'f002', 'unlisted'])
      expect(await ahead.get(key)).toBe(bucket.objects.get(key));
  });
});

describe('a restore of many small files', () => {
  const made = async () => {
    const live = new LiveTables(31);
    live.fill('jobs', 40);
    live.fill('records', 40);
    await live.backUp('full', 'full');
    await live.change(6_000);
    await live.settle();
    await live.backUp('incremental', 'last');
    const entries = [];
    for await (const entry of newestFirst(live.archive)) entries.push(entry);
    const plans = await planRestore(live.archive, chainOf(entries, 'last'));
    return { live, plans };
  };
  const depsOf = (archive: LiveTables['archive']) => ({
    archive,
    keyNames: ['pk', 'sk'] as const,
    admit: async (_: string, item: Readonly<Record<string, unknown>>) => item,
  });

  it('asks for them while those before are replayed, and comes to the same', async () => {
    const { live, plans } = await made();
    let [under, most] = [0, 0];
    const get = async (key: string) => {
      under += 1;
      most = Math.max(most, under);
      await turn();
      under -= 1;
      return live.archive.get(key);
    };
    const target = restoredTables();
    const restored = await restoreAndCompare(depsOf({ ...live.archive, get }), plans, target);
    expect(plans.reduce((sum, { changes }) => sum + changes.length, 0)).toBeGreaterThan(40);
    for (const table of ['jobs', 'records'])
      expect(target.tables.get(table)).toEqual(live.asOf('last', table));
    expect(restored.map(({ expected, found }) => expected === found)).toEqual([true, true]);
    expect(most).toBe(FILES_AHEAD + 1);
  });

  it('is refused when any of them cannot be read', async () => {
    const { live, plans } = await made();
    const [plan] = plans;
    const spoilt = plan?.changes.at(-2)?.key;
    const get = async (key: string) => {
      if (key === spoilt) throw new Error('The bucket is away.');
      return live.archive.get(key);
    };
    const restoring = restoreAndCompare(depsOf({ ...live.archive, get }), plans, restoredTables());
    await expect(restoring).rejects.toThrow('The bucket is away.');
  });
});
