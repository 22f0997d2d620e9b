import { brokenBuiltIns, lossesBetween } from '#shared/clinical/reference/coverage.ts';
import { importFiles } from '#shared/clinical/reference/import-files.ts';
import {
  PACK_FORMATS,
  type PackFile,
  type PackFormat,
  type PackPart,
} from '#shared/clinical/reference/pack.ts';
import { BUILT_IN, type Reference } from '#shared/clinical/reference/reference.ts';
import { type Rejection, Tally } from '#shared/clinical/reference/tally.ts';
import { checkedFiles } from './checked-files.ts';
import { latestVersion } from './latest-version.ts';
import type { PackStore, StoredPointer } from './pack-store.ts';
import { packUp, pointerPart, type UsablePack, usablePack } from './packing.ts';
import { linesOf, type OnProgress } from './read-lines.ts';
import { pairLinesOf } from './read-pair-lines.ts';

export interface ImportOrder {
  readonly format: PackFormat;
  readonly files: readonly string[];
  /** Leaves the parts of other formats behind. */
  readonly alone: boolean;
  readonly acceptLosses: boolean;
  /** Percent of the lines that may be rejected before `acceptLosses` is needed. */
  readonly mostRejectedPercent: number;
  readonly dryRun: boolean;
}

export interface ImportAnswer {
  readonly part: PackPart;
  readonly tally: Tally;
  readonly losses: readonly string[];
  /** Why it does not come into use; empty: it does, or would. */
  readonly refusals: readonly string[];
  readonly made: UsablePack | undefined;
}

interface ImportPorts {
  readonly store: PackStore;
  readonly now: string;
  readonly onReject: (rejection: Rejection) => void;
  readonly onProgress: OnProgress;
}

/**
 * Makes a pack of the files and of the standing parts of other formats, and brings it into use when nothing speaks
 * against it. The pack is written first and the pointer last: until then, and after any failure, the one before is used.
 */
export async function importPack(order: ImportOrder, ports: ImportPorts): Promise<ImportAnswer> {
  const { store, now } = ports;
  const standing = await store.pointer();
  const inUse = standing?.pointer?.pack;
  const current = await currentPack(store, standing);
  // Parts of a pack that cannot be opened cannot be kept; a deployer who says so may start anew.
  if (current && !current.ok && !order.alone)
    throw new Error(
      `The pack in use cannot be used: ${current.why} Import with --alone, or activate another one.`,
    );
  const before = current?.ok ? current.value : undefined;
  const kept = (before?.pack.parts ?? []).filter((part) => part.format !== order.format && !order.alone);
  const below = kept.length > 0 ? packUp(kept, 1, now).reference : BUILT_IN;

  const tally = new Tally(ports.onReject);
  const part = await readPart(order, below, tally, ports);
  const version = (await latestVersion(store, standing)) + 1;
  const parts = [...kept, part].sort(
    (a, b) => PACK_FORMATS.indexOf(a.format) - PACK_FORMATS.indexOf(b.format),
  );
  const made = await attempt(() => packUp(parts, version, now));
  const losses = !made.ok
    ? []
    : current && !current.ok
      ? ['what the pack in use knows cannot be told: it cannot be used']
      : lossesBetween(before?.reference ?? BUILT_IN, made.value.reference);
  const answer = { part, tally, losses, refusals: refusalsOf(order, part, tally, made, losses) };
  if (!made.ok || answer.refusals.length > 0) return { ...answer, made: undefined };
  if (order.dryRun) return { ...answer, made: made.value };

  const { pack } = made.value;
  await store.putPack(pack.id, made.value.bytes);
  // As a worker will find it, not as it was sent.
  await usablePack(store, pack.id, made.value.sha256);
  await store.movePointer(
    {
      schema: 1,
      pack: pointerPart(made.value),
      activated_at: now,
      previous: inUse ?? null,
      latest: version,
    },
    standing,
  );
  return { ...answer, made: made.value };
}

/** What is in use; not ok: it cannot be used, or the pointer to it cannot be read. */
async function currentPack(store: PackStore, standing: StoredPointer | undefined) {
  if (standing?.damage !== undefined) return { ok: false, why: standing.damage } as const;
  const inUse = standing?.pointer?.pack;
  return inUse ? attempt(() => usablePack(store, inUse.id, inUse.sha256)) : undefined;
}

function readPart(
  order: ImportOrder,
  below: Reference,
  tally: Tally,
  { now, onProgress }: ImportPorts,
): Promise<PackPart> {
  const read: PackFile[] = [];
  const onEnd = (file: PackFile): void => {
    read.push(file);
  };
  const { format } = order;
  const files = checkedFiles(format, order.files);
  const lines =
    format === 'pairs-csv'
      ? { format, lines: pairLinesOf(files, tally, onProgress, onEnd) }
      : { format, lines: linesOf(files, onProgress, onEnd) };
  return importFiles(lines, below, tally, now, () => read);
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

async function attempt<T>(make: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await make() };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

function refusalsOf(
  order: ImportOrder,
  { counts: { accepted, rejected } }: PackPart,
  { cutFiles }: Tally,
  made: Attempt<UsablePack>,
  losses: readonly string[],
): readonly string[] {
  if (accepted === 0) return ['No line of the files was accepted.'];
  if (!made.ok) return [`The pack cannot be used: ${made.why}.`];
  const broken = brokenBuiltIns(made.value.reference);
  if (broken.length > 0)
    return [`Built-in names would mean something else: ${broken.slice(0, 5).join(', ')} (${broken.length}).`];
  if (order.acceptLosses) return [];
  const percent = (rejected * 100) / (accepted + rejected);
  return [
    ...cutFiles.map((file) => `${file} ends in the middle of a line. Is it complete?`),
    percent > order.mostRejectedPercent
      ? `${percent.toFixed(1)} % of the lines were rejected, more than ${order.mostRejectedPercent} %.`
      : '',
    losses.length > 0 ? `The pack in use knows ${losses.length} things that this one does not.` : '',
  ].filter((refusal) => refusal !== '');
}
