import type { ReferencePack } from '#shared/clinical/reference/pack.ts';
import { BUILT_IN, type Reference } from '#shared/clinical/reference/reference.ts';
import { referenceWith } from '#shared/clinical/reference/reference-with.ts';
import { ReferencePackError } from '#shared/errors/reference-pack-error.ts';
import type { ReferenceSource } from '#shared/jobs/ports.ts';

const KEPT_SECONDS = 300;

/** The packs of a deployment without a store: what is in use, and whether it can be read. */
export class InMemoryReference {
  seconds = 0;
  inUse: { readonly pack: ReferencePack; readonly damaged: boolean } | undefined;

  /** As an environment of its own sees it. */
  environment(): ReferenceSource {
    let known: { readonly pack?: ReferencePack; readonly reference: Reference; at: number } | undefined;
    return {
      current: async () => {
        if (known && this.seconds - known.at < KEPT_SECONDS) return known.reference;
        const { pack, damaged } = this.inUse ?? { damaged: false };
        if (!pack) known = { reference: BUILT_IN, at: this.seconds };
        else if (damaged && !known?.pack) throw new ReferencePackError('It is damaged.');
        else if (known && (damaged || known.pack === pack)) known.at = this.seconds;
        else known = { pack, reference: referenceWith(pack), at: this.seconds };
        return known?.reference ?? BUILT_IN;
      },
    };
  }
}
