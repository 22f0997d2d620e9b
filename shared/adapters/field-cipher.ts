import { createHmac } from 'node:crypto';
import type { Json } from '../jobs/ports.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { Item, ItemAddress } from './batch-get.ts';
import { type FieldPlace, keyIdOf, openEnvelope, sealEnvelope } from './envelope.ts';
import { FieldCipherError } from './field-cipher-error.ts';
import type { KeyRing } from './key-ring.ts';
import type { OwnerSecrets } from './owner-secrets.ts';

/** Seals and opens single fields: JSON in, bytes out, bound to their place and their owner. */
export interface FieldCipher {
  seal(place: FieldPlace, owner: string, value: Json): Promise<Uint8Array>;
  /** @throws FieldCipherError, which carries no data */
  open(place: FieldPlace, owner: string, envelope: Uint8Array | undefined): Promise<Json>;
  /** A keyed hash of a text: the same under the same secret, and nothing that can be found out without it. */
  mark(owner: string, text: string): Promise<string>;
  /** What opening fields of that owner (sealed on that day, when known) would have to read first. */
  joins(owner: string, day?: string): readonly Join[];
}

/** An item that can be read in a batch that is sent anyway. */
export interface Join {
  readonly address: ItemAddress;
  take(item: Item | undefined): void;
}

/** 132 bits. */
const MARK_LENGTH = 22;

export interface FieldCipherOptions {
  readonly keys: KeyRing;
  readonly secrets: OwnerSecrets;
  readonly clock: Clock;
}

export function createFieldCipher({ keys, secrets, clock }: FieldCipherOptions): FieldCipher {
  return {
    seal: async (place, owner, value) => {
      const day = clock().slice(0, 10);
      const [dayKey, secret] = await Promise.all([
        keys.dayKeyForSealing(day),
        secrets.secretForSealing(owner),
      ]);
      return sealEnvelope(place, day, { dayKey, secret }, Buffer.from(JSON.stringify(value)));
    },

    open: async (place, owner, envelope) => {
      if (!envelope) throw new FieldCipherError('not_an_envelope', 'The item has no sealed field.');
      const day = keyIdOf(envelope);
      const [dayKey, secret] = await Promise.all([
        keys.dayKeyForOpening(day),
        secrets.secretForOpening(owner),
      ]);
      return JSON.parse(openEnvelope(place, { dayKey, secret }, envelope).toString());
    },

    mark: async (owner, text) =>
      createHmac('sha256', await secrets.secretForSealing(owner))
        .update(`medication-jobs/mark/1|${text}`)
        .digest('base64url')
        .slice(0, MARK_LENGTH),

    joins: (owner, day) => {
      const secret = secrets.wanted(owner);
      const dayKey = day === undefined ? undefined : keys.wanted(day);
      return [
        ...(secret
          ? [{ address: secret, take: (item: Item | undefined) => secrets.offer(owner, item) }]
          : []),
        ...(dayKey && day !== undefined
          ? [{ address: dayKey, take: (item: Item | undefined) => keys.offer(day, item) }]
          : []),
      ];
    },
  };
}
