import { gunzipSync, gzipSync } from 'node:zlib';
import { hashEntry } from '#shared/evidence/audit-chain.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import { bundleText, type EvidenceBundle } from '#shared/evidence/bundle.ts';
import { canonicalJson } from '#shared/evidence/canonical-json.ts';
import type { JobRowFacts } from '#shared/evidence/job-row-facts.ts';
import { createCountingRandom } from '#test/fakes/quiet.ts';
import { forgeLastHour, forger, HOURS, single, type World } from './sealed-world.ts';

/** Numbers that follow from a seed. */
export interface Draw {
  below(limit: number): number;
  from<T>(all: readonly T[]): T;
  /** Two places of a list of at least two. */
  two(length: number): readonly [number, number];
}

export function drawOf(seed: number): Draw {
  const random = createCountingRandom(`tamper-${seed}`);
  const below = (limit: number) => Number.parseInt(random.hex(4), 16) % limit;
  return {
    below,
    from: (all) => all[below(all.length)] as (typeof all)[number],
    two: (length) => {
      const first = below(length);
      return [first, (first + 1 + below(length - 1)) % length];
    },
  };
}

type Tampering = (world: World, draw: Draw) => void | Promise<void>;

/** One changed character, anywhere in a text. */
function changed(text: string, draw: Draw): string {
  const at = draw.below(text.length);
  const other = draw.from([...'abcdef0123456789"{},:'].filter((one) => one !== text[at]));
  return text.slice(0, at) + other + text.slice(at + 1);
}

const rehashed = (entry: AuditEntry): AuditEntry => {
  const { hash: _old, ...unhashed } = entry;
  return { ...unhashed, hash: hashEntry(unhashed) };
};

const altered = (entry: AuditEntry, draw: Draw): AuditEntry =>
  draw.from<(entry: AuditEntry) => AuditEntry>([
    (one) => ({ ...one, outcome: 'refused' }),
    (one) => ({ ...one, action: `${one.action}x` as AuditEntry['action'] }),
    (one) => ({ ...one, actor: { ...one.actor, ref: 'somebody-else' } }),
    (one) => ({ ...one, subjectRef: 'another-patient' }),
    (one) => ({ ...one, at: one.at.replace('.000Z', '.001Z') }),
    (one) => ({ ...one, details: { ...one.details, attempt: 2 } }),
    (one) => ({ ...one, correlationId: 'c-2' }),
    (one) => ({ ...one, entryId: `${one.entryId}x` }),
  ])(entry);

function exchange<T>(list: T[], [a, b]: readonly [number, number]): void {
  [list[a], list[b]] = [list[b] as T, list[a] as T];
}

const replaceEntry = (world: World, draw: Draw, by: (entry: AuditEntry) => AuditEntry): void => {
  const at = draw.below(world.entries.length);
  world.entries[at] = by(world.entries[at] as AuditEntry);
};

const chainOf = (world: World, jobId: string): AuditEntry[] =>
  world.entries.filter((entry) => entry.jobId === jobId).sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));

/** Writes a whole chain anew, each entry with its hash and link, and the head in the job's row with it. */
function rewriteChain(world: World, jobId: string, chain: readonly AuditEntry[]): void {
  world.entries = world.entries.filter((entry) => entry.jobId !== jobId);
  let [chainSeq, chainHash] = [0, '0'.repeat(64)];
  for (const entry of chain) {
    chainSeq += 1;
    const next = rehashed({ ...entry, seq: chainSeq, prevHash: chainHash });
    chainHash = next.hash;
    world.entries.push(next);
  }
  world.rows.set(jobId, { ...rowOf(world, jobId), chainSeq, chainHash });
}

const jobIds = (world: World): string[] => [...world.rows.keys()];
const rowOf = (world: World, jobId: string) => world.rows.get(jobId) as JobRowFacts;
const keysOf = (world: World): string[] => [...world.parts.keys()];
const textAt = (world: World, hour: string): string => world.seals.get(hour)?.at(-1) ?? '';

function replacePart(world: World, draw: Draw, by: (lines: string[]) => string[]): void {
  const key = draw.from(keysOf(world));
  const lines = gunzipSync(world.parts.get(key) ?? Buffer.of())
    .toString()
    .trimEnd()
    .split('\n');
  world.parts.set(key, gzipSync(`${by(lines).join('\n')}\n`));
}

/** Changes one place of the bundle, which then is again the canonical text of something. */
function replaceInBundle(world: World, by: (bundle: Record<string, unknown[]>) => void): void {
  const bundle = JSON.parse(world.bundle);
  by(bundle);
  world.bundle = `${canonicalJson(bundle)}\n`;
}
/** A bundle up to one of its entries, as an export at that time would have made it. */
export function cutOff(bundle: EvidenceBundle, entries: number): EvidenceBundle {
  const chain = bundle.chain.slice(0, entries);
  const { seq: chainSeq = 0, hash: chainHash = '' } = chain.at(-1) ?? {};
  const proofs = bundle.proofs.slice(0, entries);
  const [first = '', last = ''] = [proofs.at(0)?.hour, proofs.at(-1)?.hour];
  const seals = bundle.seals.filter(({ hour }) => hour >= first && hour <= last);
  return { ...bundle, chain, head: { chainSeq, chainHash }, proofs, seals };
}

/** A bundle with another story, each hash and link made anew, and without anything that is signed. */
function forgedWhole(bundle: EvidenceBundle, draw: Draw): EvidenceBundle {
  let [chainSeq, chainHash] = [0, '0'.repeat(64)];
  const chain = bundle.chain.map((entry, index) => {
    const told = index === 0 ? altered(entry, draw) : entry;
    chainSeq += 1;
    const next = rehashed({ ...told, seq: chainSeq, prevHash: chainHash });
    chainHash = next.hash;
    return next;
  });
  return { ...bundle, chain, head: { chainSeq, chainHash }, proofs: [], seals: [] };
}

const rewriteBundle = (world: World, by: (bundle: EvidenceBundle) => EvidenceBundle): void => {
  world.bundle = bundleText(by(JSON.parse(world.bundle)));
};

const listOf = (draw: Draw): string => draw.from(['chain', 'proofs', 'seals']);

/** What somebody may do, by what it is done to and how. */
export const TAMPERINGS: Readonly<Record<string, Readonly<Record<string, readonly Tampering[]>>>> = {
  table: {
    change: [(world, draw) => replaceEntry(world, draw, (entry) => altered(entry, draw))],
    delete: [(world, draw) => void world.entries.splice(draw.below(world.entries.length), 1)],
    swap: [
      (world, draw) => {
        const [a, b] = draw.two(world.entries.length);
        const [one, other] = [world.entries[a] as AuditEntry, world.entries[b] as AuditEntry];
        world.entries[a] = { ...one, entryId: other.entryId };
        world.entries[b] = { ...other, entryId: one.entryId };
      },
    ],
    insert: [
      (world, draw) =>
        void world.entries.push(single(`${draw.from(HOURS)}:44:00.000Z`, `forged-${draw.below(99)}`)),
    ],
    truncate: [
      (world, draw) => {
        const hour = draw.from(HOURS);
        world.entries = world.entries.filter(({ at }) => at.slice(0, 13) !== hour || at < `${hour}:11`);
      },
    ],
    replay: [
      (world, draw) => {
        const entry = draw.from(world.entries);
        world.entries.push(rehashed({ ...entry, at: `${draw.from(HOURS)}:45:00.000Z`, entryId: 'replayed' }));
      },
    ],
    overwrite: [(world, draw) => replaceEntry(world, draw, (entry) => rehashed(altered(entry, draw)))],
  },
  chain: {
    change: [
      (world, draw) => {
        const jobId = draw.from(jobIds(world));
        const row = rowOf(world, jobId);
        const other = draw.from([
          { ...row, chainSeq: row.chainSeq + 1 },
          { ...row, chainHash: 'f'.repeat(64) },
          { ...row, status: draw.from(['failed', 'running', 'queued']) },
          { ...row, kind: 'backup' },
          { ...row, priority: 'LOW' as const },
          { ...row, userRef: 'another-patient' },
          { ...row, actorRef: 'somebody-else' },
          { ...row, createdAt: row.createdAt.replace('.000Z', '.001Z') },
          { ...row, parentId: 'another-job' },
          { ...row, rowSalt: 'f'.repeat(64) },
        ]);
        world.rows.set(jobId, other);
      },
    ],
    delete: [(world, draw) => void world.rows.delete(draw.from(jobIds(world)))],
    swap: [
      (world, draw) => {
        const [a, b] = draw.two(jobIds(world).length);
        const [one, other] = [jobIds(world)[a] ?? '', jobIds(world)[b] ?? ''];
        const [row, otherRow] = [rowOf(world, one), rowOf(world, other)];
        world.rows.set(one, otherRow).set(other, row);
      },
    ],
    insert: [
      (world, draw) => {
        const jobId = draw.from(jobIds(world));
        const chain = chainOf(world, jobId);
        const last = chain.at(-1) as AuditEntry;
        rewriteChain(world, jobId, [...chain, { ...last, entryId: 'inserted', action: 'job.cancelled' }]);
      },
    ],
    truncate: [
      (world, draw) => {
        const jobId = draw.from(jobIds(world));
        rewriteChain(world, jobId, chainOf(world, jobId).slice(0, -1));
      },
    ],
    replay: [
      (world, draw) => {
        const jobId = draw.from(jobIds(world));
        const [first] = chainOf(world, jobId);
        world.rows.set(jobId, { ...rowOf(world, jobId), chainSeq: 1, chainHash: first?.hash ?? '' });
      },
    ],
    overwrite: [
      (world, draw) => {
        const jobId = draw.from(jobIds(world));
        const chain = chainOf(world, jobId);
        chain[0] = altered(chain[0] as AuditEntry, draw);
        rewriteChain(world, jobId, chain);
      },
    ],
  },
  seal: {
    change: [
      (world, draw) => {
        const hour = draw.from(HOURS);
        world.seals.set(hour, [changed(textAt(world, hour), draw)]);
      },
    ],
    delete: [
      (world, draw) => void world.seals.delete(draw.from(HOURS)),
      (world, draw) => void world.seals.get(draw.from(HOURS))?.push(''),
    ],
    swap: [
      (world, draw) => {
        const [a, b] = draw.two(HOURS.length);
        const [one, other] = [HOURS[a] ?? '', HOURS[b] ?? ''];
        const texts = [textAt(world, one), textAt(world, other)] as const;
        world.seals.set(one, [texts[1]]).set(other, [texts[0]]);
      },
    ],
    insert: [
      (world, draw) => {
        const seal = JSON.parse(textAt(world, draw.from(HOURS)));
        world.seals.set('2031-05-06T09', [canonicalJson({ ...seal, hour: '2031-05-06T09' })]);
      },
    ],
    truncate: [
      (world, draw) => {
        for (const hour of HOURS.slice(draw.below(HOURS.length))) world.seals.delete(hour);
      },
    ],
    replay: [
      (world, draw) => {
        const [a, b] = draw.two(HOURS.length);
        world.seals.set(HOURS[a] ?? '', [textAt(world, HOURS[b] ?? '')]);
      },
    ],
    overwrite: [
      async (world, draw) => {
        const hour = draw.from(HOURS);
        const { signature: _old, ...seal } = JSON.parse(textAt(world, hour));
        const other = draw.from([{ ...seal, sealedAt: '2031-05-06T23:00:00.000Z' }, seal]);
        const signature = await forger.sign(canonicalJson(other));
        world.seals.set(hour, [canonicalJson({ ...other, signature })]);
      },
      // The whole of the last hour, with everything that belongs to it.
      async (world, draw) => {
        const last = HOURS.at(-1) ?? '';
        const at = world.entries.findIndex((entry) => entry.at.startsWith(last) && entry.jobId === undefined);
        world.entries[at] = rehashed(altered(world.entries[at] as AuditEntry, draw));
        await forgeLastHour(world);
      },
    ],
  },
  lines: {
    change: [
      (world, draw) => {
        const bytes = world.parts.get(draw.from(keysOf(world))) as Uint8Array;
        const at = draw.below(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 + draw.below(255));
      },
      (world, draw) => replacePart(world, draw, ([first = '', ...rest]) => [changed(first, draw), ...rest]),
    ],
    delete: [(world, draw) => void world.parts.delete(draw.from(keysOf(world)))],
    swap: [
      (world, draw) => {
        const [a, b] = draw.two(keysOf(world).length);
        const [one, other] = [keysOf(world)[a] ?? '', keysOf(world)[b] ?? ''];
        const [bytes, others] = [world.parts.get(one), world.parts.get(other)];
        if (bytes && others) world.parts.set(one, others).set(other, bytes);
      },
      (world, draw) =>
        replacePart(world, draw, (lines) => (lines.length > 1 ? lines.toReversed() : ['{}', ...lines])),
    ],
    insert: [(world, draw) => replacePart(world, draw, (lines) => [...lines, lines[0] ?? ''])],
    truncate: [(world, draw) => replacePart(world, draw, (lines) => lines.slice(0, -1))],
    replay: [
      (world, draw) => {
        const [a, b] = draw.two(keysOf(world).length);
        world.parts.set(keysOf(world)[a] ?? '', world.parts.get(keysOf(world)[b] ?? '') ?? Buffer.of());
      },
    ],
    overwrite: [
      (world, draw) =>
        replacePart(world, draw, ([first = '', ...rest]) => [
          canonicalJson(rehashed(altered(JSON.parse(first), draw))),
          ...rest,
        ]),
    ],
  },
  bundle: {
    change: [
      (world, draw) => {
        world.bundle = changed(world.bundle, draw);
      },
    ],
    delete: [
      (world, draw) =>
        replaceInBundle(world, (bundle) => {
          const list = bundle[listOf(draw)] ?? [];
          list.splice(draw.below(list.length), 1);
        }),
    ],
    swap: [
      (world, draw) =>
        replaceInBundle(world, (bundle) => {
          const list = bundle[listOf(draw)] ?? [];
          exchange(list, draw.two(list.length));
        }),
    ],
    insert: [
      (world, draw) =>
        replaceInBundle(world, (bundle) => {
          const list = bundle[listOf(draw)] ?? [];
          list.splice(draw.below(list.length), 0, draw.from(list));
        }),
      (world, draw) =>
        replaceInBundle(world, (bundle) => {
          bundle[`note${draw.below(9)}`] = [];
        }),
    ],
    truncate: [
      (world, draw) =>
        replaceInBundle(world, (bundle) => {
          const list = bundle[listOf(draw)] ?? [];
          list.length = draw.below(list.length);
        }),
      (world, draw) => {
        world.bundle = world.bundle.slice(0, draw.below(world.bundle.length));
      },
      (world, draw) =>
        rewriteBundle(world, (bundle) => cutOff(bundle, 1 + draw.below(bundle.chain.length - 1))),
    ],
    replay: [
      (world, draw) =>
        replaceInBundle(world, (bundle) => {
          const chain = bundle['chain'] ?? [];
          chain[draw.below(chain.length)] = chainOf(world, 'job-1')[0];
        }),
    ],
    overwrite: [
      (world, draw) =>
        replaceInBundle(world, (bundle) => {
          const chain = (bundle['chain'] ?? []) as AuditEntry[];
          const at = draw.below(chain.length);
          chain[at] = rehashed(altered(chain[at] as AuditEntry, draw));
        }),
      (world, draw) => rewriteBundle(world, (bundle) => forgedWhole(bundle, draw)),
    ],
  },
};
