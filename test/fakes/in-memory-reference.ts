import type { ReferencePack } from '#shared/clinical/reference/pack.ts';
import { BUILT_IN, type Reference } from '#shared/clinical/reference/reference.ts';
import { referenceWith } from '#shared/clinical/reference/reference-with.ts';
import { ReferencePackError } from '#shared/errors/reference-pack-error.ts';
import type { ReferenceSource } from '#shared/jobs/ports.ts';
import { addSeconds, type Clock, type Instant } from '#shared/lifecycle/instant.ts';

const KEPT_SECONDS = 300;
const BEGIN = '2026-11-23T20:55:41.000Z';

interface Known {
  readonly pack?: ReferencePack;
  readonly reference: Reference;
  /** When it was asked for last, and when it was read. */
  readonly asked: Instant;
  readonly read: Instant;
}

/** The packs of a deployment without a store: what is in use, and whether it can be read. */
export class InMemoryReference {
  /** How far its own clock has moved. */
  seconds = 0;
  readonly now: Clock;
  inUse: { readonly pack: ReferencePack; readonly damaged: boolean } | undefined;

  constructor(clock?: Clock) {
    this.now = clock ?? (() => addSeconds(BEGIN, this.seconds));
  }

  /** As an environment of its own sees it. */
  environment(): ReferenceSource {
    let known: Known | undefined;
    return {
      current: async (since) => {
        const now = this.now();
        const isTooOld = since !== undefined && known !== undefined && known.read < since;
        if (known && !isTooOld && now < addSeconds(known.asked, KEPT_SECONDS)) return known.reference;
        const { pack, damaged } = this.inUse ?? { damaged: false };
        if (damaged && (isTooOld || !known?.pack)) throw new ReferencePackError('It is damaged.');
        if (known && damaged) known = { ...known, asked: now };
        else if (known && known.pack === pack) known = { ...known, asked: now, read: now };
        else
          known = {
            ...(pack && { pack }),
            reference: pack ? referenceWith(pack) : BUILT_IN,
            asked: now,
            read: now,
          };
        return known.reference;
      },
    };
  }
}
