import type { KeyObject } from 'node:crypto';
import { CHAIN_START, chainedEntry, standaloneEntry } from '#shared/evidence/audit-chain.ts';
import type { AuditDraft, AuditEntry } from '#shared/evidence/audit-entry.ts';
import { bundleText, pemOf } from '#shared/evidence/bundle.ts';
import { type FixedFacts, type JobRowFacts, rowHash, rowSaltOf } from '#shared/evidence/job-row-facts.ts';
import type { Hour } from '#shared/evidence/seal.ts';
import { exportBundle } from '#shared/operations/export-bundle.ts';
import { sealHours } from '#shared/operations/seal-hours.ts';
import type { SignSeal } from '#shared/operations/seal-ports.ts';
import { type VerifyDeps, verifyTrail } from '#shared/operations/verify-trail.ts';
import { createInMemoryTrail, createInMemoryVault, createSealKey } from '#test/fakes/in-memory-seals.ts';
import { createCountingRandom, createRecordingLog, createRecordingMetrics } from '#test/fakes/quiet.ts';

/** Everything that somebody who tampers could reach. */
export interface World {
  entries: AuditEntry[];
  readonly rows: Map<string, JobRowFacts>;
  readonly seals: Map<Hour, string[]>;
  readonly parts: Map<string, Uint8Array>;
  /** Of the first job. */
  bundle: string;
}

export const HOURS: readonly Hour[] = Array.from({ length: 9 }, (_, hour) => `2031-05-06T0${hour}`);
export const [FROM, UNTIL] = [HOURS[0] ?? '', '2031-05-06T09'];
const NOW = '2031-05-06T09:20:00.000Z';
const JOBS = 6;

const keys = createSealKey();
/** The key of somebody who forges. */
export const forger = createSealKey();
const KEY_ID = 'arn:aws:kms:us-east-1:000000000000:key/seal';

/** Sealed hours with job chains, single entries and late ones, and the bundle of one job. */
export async function sealedWorld(): Promise<World> {
  const random = createCountingRandom('world');
  const entries: AuditEntry[] = [];
  const rows = new Map<string, JobRowFacts>();
  const vault = createInMemoryVault();
  const seal = (now: string) => sealAt(now, entries, vault, keys.sign);
  for (let job = 0; job < JOBS; job += 1) {
    const jobId = `job-${job}`;
    const fixed = fixedFacts(jobId, `${HOURS[job]}:00:0${job}.000Z`);
    const rowSalt = rowSaltOf(jobId);
    let head = CHAIN_START;
    // One that failed is retried by a person; the others succeed at their second attempt.
    for (const [step, to] of (job === 1 ? REDRIVEN : SUCCEEDING).entries()) {
      const at = `${HOURS[Math.min(job + step, 8)]}:0${step}:0${job}.000Z`;
      const bound = step === 0 ? { row_hash: rowHash(fixed, rowSalt) } : {};
      const next = chainedEntry(
        { ...draft(at, `job.${to}`, { to, ...bound }), jobId },
        random.ulid(at),
        head,
      );
      entries.push(next.entry);
      head = next.head;
    }
    rows.set(jobId, { ...fixed, ...head, status: 'succeeded', rowSalt });
  }
  for (const hour of HOURS)
    for (let minute = 10; minute < 13; minute += 1)
      entries.push(single(`${hour}:${minute}:00.000Z`, random.ulid(`${hour}:${minute}:00.000Z`)));
  await seal('2031-05-06T01:20:00.000Z');
  entries.push(single('2031-05-06T00:59:00.000Z', 'late-1'));
  await seal('2031-05-06T05:20:00.000Z');
  entries.push(single('2031-05-06T02:59:00.000Z', 'late-2'));
  await seal(NOW);
  const world = { entries, rows, seals: vault.seals, parts: vault.parts, bundle: '' };
  const deps = depsOf(world);
  world.bundle = bundleText(await exportBundle({ ...deps, publicKey: pemOf(keys.publicKey) }, 'job-0'));
  return world;
}

const sealAt = (
  now: string,
  entries: AuditEntry[],
  vault: ReturnType<typeof createInMemoryVault>,
  sign: SignSeal,
) =>
  sealHours({
    trail: createInMemoryTrail(() => entries),
    vault,
    sign,
    keyId: KEY_ID,
    clock: () => now,
    random: createCountingRandom(now),
    metrics: createRecordingMetrics(),
    log: createRecordingLog(),
  });

/** Seals the last hour anew, over whatever stands in the table, with the forger's key. */
export async function forgeLastHour(world: World): Promise<void> {
  world.seals.delete(HOURS.at(-1) ?? '');
  await sealAt(NOW, world.entries, vaultOf(world), forger.sign);
}

function vaultOf({ seals, parts }: World) {
  const vault = createInMemoryVault();
  // The functions of the fake work on its own maps.
  for (const [hour, texts] of seals) vault.seals.set(hour, texts);
  for (const [key, bytes] of parts) vault.parts.set(key, bytes);
  const { putSeal } = vault;
  return {
    ...vault,
    putSeal: async (hour: Hour, text: string) => {
      seals.set(hour, [text]);
      for (const [key, bytes] of vault.parts) parts.set(key, bytes);
      return putSeal(hour, text);
    },
  };
}

export const depsOf = (world: World, trusted: readonly KeyObject[] = [keys.publicKey]): VerifyDeps => ({
  vault: vaultOf(world),
  trail: createInMemoryTrail(() => world.entries),
  audit: {
    chain: async (jobId) =>
      world.entries
        .filter((entry) => entry.jobId === jobId && entry.seq !== undefined)
        .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0)),
  },
  rowOf: async (jobId) => world.rows.get(jobId),
  keyOf: (keyId) => (keyId === KEY_ID ? trusted[0] : undefined),
  clock: () => NOW,
});

export const verifyWorld = (world: World, trusted?: readonly KeyObject[]) =>
  verifyTrail(depsOf(world, trusted), FROM, UNTIL);

export const pinnedKey = keys.publicKey;

export const copyOf = (world: World): World => ({
  entries: structuredClone(world.entries),
  rows: structuredClone(world.rows),
  seals: structuredClone(world.seals),
  parts: new Map([...world.parts].map(([key, bytes]) => [key, Uint8Array.from(bytes)])),
  bundle: world.bundle,
});

/** All of a world as one text: two worlds are the same when their texts are. */
export const textOf = ({ entries, rows, seals, parts, bundle }: World): string =>
  JSON.stringify([
    entries,
    [...rows],
    [...seals],
    [...parts].map(([key, bytes]) => [key, [...bytes]]),
    bundle,
  ]);

const SUCCEEDING = ['accepted', 'retrying', 'succeeded'] as const;
const REDRIVEN = ['accepted', 'failed', 'redriven', 'succeeded'] as const;

const fixedFacts = (jobId: string, createdAt: string): FixedFacts => ({
  jobId,
  kind: 'refill-check',
  priority: 'MEDIUM',
  createdAt,
  dueAt: createdAt,
  attemptLimit: 4,
  userRef: 'user-ref',
  actorRef: 'actor-ref',
  actorRole: 'service',
  correlationId: 'c-1',
});

const draft = (at: string, action: AuditDraft['action'], state: AuditDraft['details'] = {}): AuditDraft => ({
  at,
  action,
  outcome: 'success',
  actor: { ref: 'actor-ref', role: 'service' },
  subjectRef: 'subject-ref',
  correlationId: 'c-1',
  details: { kind: 'refill-check', priority: 'MEDIUM', attempt: 1, ...state },
});

export const single = (at: string, entryId: string): AuditEntry =>
  standaloneEntry(draft(at, 'jobs.listed'), entryId);
