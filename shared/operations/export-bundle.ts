import { verifyChain } from '../evidence/audit-chain.ts';
import type { EntryProof, EvidenceBundle } from '../evidence/bundle.ts';
import { rowDiffers } from '../evidence/job-row-facts.ts';
import { ProofWalk } from '../evidence/merkle-tree.ts';
import { readSeal } from '../evidence/read-seal.ts';
import { addHours, type Hour, hourOf, LOOK_BACK_HOURS, lineOf, type Seal } from '../evidence/seal.ts';
import { type ChainDeps, readChain } from './read-chain.ts';
import type { SealVault } from './seal-ports.ts';
import { linesOf } from './sealed-lines.ts';

export interface ExportDeps extends ChainDeps {
  readonly vault: Pick<SealVault, 'seal' | 'part'>;
  /** SPKI as PEM, of the key that the seals are signed with. */
  readonly publicKey: string;
}

/**
 * The evidence about one job. Entries that no seal holds yet stay in it without a proof.
 * @throws Error when there is no such job, its chain is broken, or its row says something else: then there is nothing to prove
 */
export async function exportBundle(deps: ExportDeps, jobId: string): Promise<EvidenceBundle> {
  const { row, chain } = await readChain(deps, jobId);
  const last = chain.at(-1);
  if (!last) throw new Error(`The audit trail knows no job ${jobId}.`);
  const { chainSeq = last.seq ?? 0, chainHash = last.hash } = row ?? {};
  const head = { chainSeq, chainHash };
  const fault = verifyChain(chain, head);
  if (fault) throw new Error(`The chain of job ${jobId} is broken: ${fault.fault} at entry ${fault.at}.`);
  if (row && rowDiffers(chain, row))
    throw new Error(
      `The row of job ${jobId} (${row.kind}, ${row.status}) is not what its chain tells of, or not what was accepted.`,
    );
  const found = new Map<string, EntryProof>();
  const lines = new Map(chain.map((entry) => [lineOf(entry), entry.entryId]));
  const hours = new Set(chain.map(({ at }) => hourOf(at)));
  for (const hour of hours)
    for (let later = 0; later <= LOOK_BACK_HOURS; later += 1) {
      // A late entry stands in one of the next seals; mostly all stand in their own.
      const missing = chain.some((entry) => hourOf(entry.at) === hour && !found.has(entry.entryId));
      if (missing)
        for (const proof of await proofsIn(deps, addHours(hour, later), lines))
          found.set(proof.entryId, proof);
    }
  const proofs = chain.flatMap(({ entryId }) => found.get(entryId) ?? []);
  return { v: 1, jobId, chain, head, proofs, seals: await sealsOf(deps, proofs), publicKey: deps.publicKey };
}

/** Two walks over the lines of a seal: one finds the entries, the next their proofs. */
async function proofsIn(
  { vault }: Pick<ExportDeps, 'vault'>,
  hour: Hour,
  wanted: ReadonlyMap<string, string>,
): Promise<readonly EntryProof[]> {
  const seal = await sealAt(vault, hour);
  if (!seal) return [];
  const places: { readonly entryId: string; readonly index: number }[] = [];
  let index = 0;
  for await (const line of allLines(vault, seal)) {
    const entryId = wanted.get(line);
    if (entryId !== undefined) places.push({ entryId, index });
    index += 1;
  }
  if (places.length === 0) return [];
  const walk = new ProofWalk(
    places.map((place) => place.index),
    seal.entries + seal.late,
  );
  for await (const line of allLines(vault, seal)) walk.add(Buffer.from(line));
  return walk.proofs().map((proof, at) => ({ entryId: places[at]?.entryId ?? '', hour, ...proof }));
}

async function* allLines(vault: Pick<SealVault, 'part'>, seal: Seal): AsyncGenerator<string> {
  yield* linesOf(vault, seal, 'entries');
  yield* linesOf(vault, seal, 'late');
}

async function sealsOf(
  { vault }: Pick<ExportDeps, 'vault'>,
  proofs: readonly EntryProof[],
): Promise<readonly Seal[]> {
  const hours = proofs.map(({ hour }) => hour).sort();
  const [first = '', last = ''] = [hours.at(0), hours.at(-1)];
  const seals: Seal[] = [];
  for (let hour = first; hour !== '' && hour <= last; hour = addHours(hour, 1)) {
    const seal = await sealAt(vault, hour);
    if (!seal) throw new Error(`The seal of ${hour} is missing or none.`);
    seals.push(seal);
  }
  return seals;
}

async function sealAt(vault: Pick<SealVault, 'seal'>, hour: Hour): Promise<Seal | undefined> {
  const text = await vault.seal(hour);
  return text === undefined ? undefined : readSeal(text);
}
