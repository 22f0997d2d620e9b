import { type Coverage, coverageOf } from '#shared/clinical/reference/coverage.ts';
import type { ReferencePack } from '#shared/clinical/reference/pack.ts';
import { BUILT_IN } from '#shared/clinical/reference/reference.ts';
import type { PackStore } from './pack-store.ts';
import { type UsablePack, usablePack } from './packing.ts';

export interface Status {
  readonly builtIn: Coverage;
  /** What checks go by; `undefined`: the pack that should be in use cannot be used. */
  readonly inUse: Coverage | undefined;
  readonly pack: (Omit<ReferencePack, 'parts'> & { readonly parts: readonly StatusPart[] }) | undefined;
  readonly problem: string | undefined;
  readonly ids: readonly string[];
}

type StatusPart = Omit<ReferencePack['parts'][number], 'names' | 'rules' | 'sources'>;

/** What is loaded, found as a worker finds it. */
export async function statusOf(store: PackStore): Promise<Status> {
  const builtIn = coverageOf(BUILT_IN);
  const ids = await store.ids();
  try {
    const standing = await store.pointer();
    if (standing?.damage !== undefined)
      throw new Error(`${standing.damage} Activate one of the packs, or "built-in".`);
    const pointed = standing?.pointer?.pack;
    if (!pointed) return { builtIn, inUse: builtIn, pack: undefined, problem: undefined, ids };
    const found = await usablePack(store, pointed.id, pointed.sha256);
    return {
      builtIn,
      inUse: coverageOf(found.reference),
      pack: withoutContents(found),
      problem: undefined,
      ids,
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { builtIn, inUse: undefined, pack: undefined, problem, ids };
  }
}

const withoutContents = ({ pack }: UsablePack) => ({
  ...pack,
  parts: pack.parts.map(({ names, rules, sources, ...part }) => part),
});
